import type { CommandContext } from '../context.js';
import type { Failure } from '../errors.js';
import type { Input, InputFailure } from '../inputs/find-inputs.js';
import { tellWarnings } from '../progress/tell-warnings.js';
import type { CaseRecord } from './case-result.js';
import { legend, type LabellerFacts } from './labeller.js';
import type { LoadedModel } from './load-model.js';

/** Says what the classes are, and where another Inf-Net guides than the one that the network was trained with. */
export function tellLabeller(about: LabellerFacts, model: LoadedModel, { reporter }: CommandContext): void {
  const { name, sha256, prior } = about;
  reporter.emit({
    event: 'note',
    message: `classes by ${name} (sha256 ${sha256.slice(0, 12)}): ${legend(about)}`,
  });
  if (prior?.kind !== 'model' || prior.sha256 === model.about.sha256) return;
  reporter.emit({
    event: 'warning',
    message: `${name} was trained with the infection maps of ${prior.name}, and is guided by those of ${model.about.name}`,
  });
}

/** Tells what was found in an input, or that its earlier result was kept. */
export function tellCase(
  { result, page }: CaseRecord,
  about: { readonly input: Input; readonly index: number; readonly total: number; readonly kept: boolean },
  { reporter }: CommandContext,
): void {
  const { input, index, total, kept } = about;
  if (kept) {
    reporter.emit({
      event: 'skipped',
      input: input.path,
      reason: 'done before with the same model and options',
    });
    return;
  }
  tellWarnings(input.path, result, reporter);
  reporter.emit({
    event: 'case',
    input: input.path,
    index,
    total,
    finding: page.finding,
    mask: result.outputs.mask,
    seconds: result.seconds.total,
  });
}

/** Tells that an input could not be segmented; returns what the report says of it, which knows files by their names. */
export function tellFailure(
  { path, name }: Input,
  { code, message, hint }: Failure,
  { reporter }: CommandContext,
): InputFailure {
  const naming = message.includes(path) ? message : `${path}: ${message}`;
  reporter.emit({ event: 'failure', input: path, code, message: naming, hint });
  return { input: name, code, message: naming.replaceAll(path, name), hint };
}
