import type { NetworkRecipe, TrainingEvent, ValidationScores, WarningEvent } from '@infnet/semi-supervised';
import type { Reporter } from '../progress/reporter.js';

/**
 * Turns the trainer's events into the command's, with an estimate of the time left.
 *
 * @param problems counts the files that were left out
 */
export function relay(
  reporter: Reporter,
  recipe: NetworkRecipe,
  problems: { count: number },
): (event: TrainingEvent) => void {
  const { epochs } = recipe;
  let steps = 0;
  let begun = { step: 0, at: performance.now() };
  return (event) => {
    switch (event.type) {
      case 'run-start': {
        steps = event.totalSteps;
        begun = { step: event.step, at: performance.now() };
        reporter.emit({ event: 'note', message: opening(event, recipe) });
        break;
      }
      case 'step': {
        const perStep = (performance.now() - begun.at) / 1000 / (event.step - begun.step);
        const { step, epoch, loss, learningRate } = event;
        const secondsLeft = perStep * (steps - step);
        reporter.emit({ event: 'step', step, steps, epoch, epochs, loss, learningRate, secondsLeft });
        break;
      }
      case 'epoch': {
        const { epoch, loss, seconds } = event;
        reporter.emit({ event: 'epoch', epoch, epochs, loss, seconds });
        break;
      }
      case 'validation': {
        const { epoch, meanDice, dice, best, classes } = event;
        reporter.emit({
          event: 'validation',
          epoch,
          meanDice,
          diceAtHalf: dice,
          best,
          ...(classes && { classes: diceByClass(classes) }),
        });
        break;
      }
      case 'warning': {
        relayWarning(reporter, event, problems);
        break;
      }
      default:
    }
  };
}

/** A warning of the trainer's, as a failure where it means that a file is left out. */
export function relayWarning(
  reporter: Reporter,
  { subject, code, message, hint }: Pick<WarningEvent, 'code' | 'message' | 'hint' | 'subject'>,
  problems: { count: number },
): void {
  const input = subject === undefined ? {} : { input: subject };
  if (isLeftOut(code)) {
    problems.count++;
    reporter.emit({ event: 'failure', code, message, hint, ...input });
  } else {
    reporter.emit({ event: 'warning', message: `${message}. ${hint}`, ...input });
  }
}

function opening(event: Extract<TrainingEvent, { type: 'run-start' }>, recipe: NetworkRecipe): string {
  const { trainingSlices, validationSlices, parameters, step, totalSteps } = event;
  const validation = validationSlices > 0 ? `, ${validationSlices} to validate on` : ', no validation';
  const resumed = step > 0 ? `; resumed at step ${step} of ${totalSteps}` : '';
  return (
    `training ${parameters.toLocaleString('en')} parameters on ${trainingSlices} slices${validation}: ` +
    `preset ${recipe.preset}, ${recipe.size} px, ${recipe.epochs} epochs${resumed}`
  );
}

function diceByClass(
  classes: NonNullable<ValidationScores['classes']>,
): Readonly<Record<string, number | null>> {
  return Object.fromEntries(classes.map(({ name, dice, slices }) => [name, slices > 0 ? dice : null]));
}

/** Warnings that mean a file is not trained on. */
function isLeftOut(code: string): boolean {
  return [
    'missing-mask',
    'missing-image',
    'duplicate-stem',
    'unreadable-file',
    'size-mismatch',
    'mask-values',
    'label-values',
    'missing-prior',
    'invalid-sample',
  ].includes(code);
}
