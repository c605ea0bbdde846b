import type {
  LabellingEvent,
  PropagationEvent,
  Recipe,
  SemiSupervisedEvent,
  TrainingStage,
} from '@infnet/semi-supervised';
import type { Reporter } from '../progress/reporter.js';
import { relay, relayWarning } from './relay.js';

/** Turns the events of a training in stages into the command's. `recipes` are those of the stages that train. */
export function relayStages(
  reporter: Reporter,
  recipes: Readonly<Partial<Record<TrainingStage | 'propagation', Recipe>>>,
  problems: { count: number },
): (event: SemiSupervisedEvent) => void {
  const propagation = relayRounds(reporter, problems);
  const labelling = relayLabelling(reporter, problems);
  const trainings = new Map(
    Object.entries(recipes).map(([stage, recipe]) => [stage, relay(reporter, recipe, problems)]),
  );
  return (event) => {
    switch (event.type) {
      case 'stage': {
        const { stage, number, stages } = event;
        reporter.emit({ event: 'stage', stage, number, stages });
        break;
      }
      case 'stage-training': {
        trainings.get(event.stage)?.(event.event);
        break;
      }
      case 'stage-propagation': {
        propagation(event.event);
        break;
      }
      case 'stage-labelling': {
        labelling(event.event);
        break;
      }
    }
  };
}

/** Turns propagation's events into the command's. */
export function relayRounds(
  reporter: Reporter,
  problems: { count: number },
): (event: PropagationEvent) => void {
  let rounds = 0;
  return (event) => {
    switch (event.type) {
      case 'propagation-start': {
        rounds = event.rounds;
        const resumed = event.round > 0 ? `; resumed after round ${event.round}` : '';
        const message = `labelling ${event.unlabelled} slices in ${rounds} rounds, from ${event.labelled} labelled ones${resumed}`;
        reporter.emit({ event: 'note', message });
        break;
      }
      case 'round-training': {
        if (event.event.type !== 'step') break;
        const subject = `round ${event.round}, step ${event.event.step}`;
        reporter.emit({
          event: 'progress',
          task: 'labelling',
          subject,
          done: event.round - 1,
          total: rounds,
        });
        break;
      }
      case 'round': {
        const { round, loss, left, secondsLeft } = event;
        reporter.emit({ event: 'round', round, rounds, loss, left, secondsLeft });
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

function relayLabelling(reporter: Reporter, problems: { count: number }): (event: LabellingEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'labelling-start': {
        const { done, total } = event;
        const resumed = done > 0 ? `; ${done} have their label already` : '';
        reporter.emit({ event: 'note', message: `labelling ${total} slices, each once${resumed}` });
        break;
      }
      case 'slice-labelled': {
        const { id: subject, done, total } = event;
        reporter.emit({ event: 'progress', task: 'labelling', subject, done, total });
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
