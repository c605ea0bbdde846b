import { createHash } from 'node:crypto';
import type { NetworkRecipe } from '../recipe.js';

/** What a model card tells, as plain JSON. Names of slices are not in it: they may be patients'. */
export interface ModelCardFacts {
  readonly format: 'infnet-model-card';
  /** What the network does. */
  readonly purpose: string;
  readonly architecture: object;
  /** Number of trainable values. */
  readonly parameters: number;
  /** What it started from. */
  readonly startedFrom: string;
  readonly training: DataFacts;
  readonly validation: DataFacts;
  /** Slices without labels, where some were learnt from. */
  readonly unlabelled?: DataFacts;
  readonly recipe: NetworkRecipe;
  /** Settings of the objective and the task. */
  readonly task: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How long it was trained. */
  readonly epoch: number;
  readonly step: number;
  /** Scores on the validation slices at this epoch; null where it was not validated. */
  readonly scores: Readonly<Record<string, number | null>> | null;
  /** The epoch with the best validation so far. */
  readonly best: { readonly epoch: number; readonly meanDice: number } | null;
}

/** How many slices, and a hash by which they are known again: over the hashes of the slices, sorted. */
export interface DataFacts {
  readonly slices: number;
  readonly sha256: string;
}

/** @param hashes SHA-256 by the slice's name; the names do not enter */
export function dataFacts(hashes: Readonly<Record<string, string>>): DataFacts {
  const all = Object.values(hashes).toSorted();
  return { slices: all.length, sha256: createHash('sha256').update(all.join('\n')).digest('hex') };
}

/** Said in every card. */
const LIMITS = `- For research. Not a medical device: nothing it gives may guide the diagnosis or treatment of a patient.
- A model inherits the terms of the data it learnt from: whoever passes it on, or uses it, is bound by the licences and the
  consent under which these slices were given. Add them here before you share it.
- It knows slices like those it learnt from: other scanners, windows, crops, ages or diseases may mislead it, and so may
  healthy slices where it saw none. Measure it on data of your own (\`infnet evaluate\`) before relying on a figure.`;

/** The card as Markdown, to lie beside the model as `MODEL_CARD.md`. */
export function modelCard(facts: ModelCardFacts): string {
  const { purpose, architecture, parameters, startedFrom, recipe, task, best } = facts;
  const { training, validation, unlabelled } = facts;
  const lists = { architecture, ...task };
  return `# Model card

${purpose}

${bullets([
  ['parameters', parameters.toLocaleString('en')],
  ...Object.entries(lists).map(([name, value]) => [name, json(value)] as const),
  ['started from', startedFrom],
])}

## Learnt from

${bullets([
  ['training', dataText(training)],
  ['validation', dataText(validation)],
  ...(unlabelled ? [['without labels', dataText(unlabelled)] as const] : []),
])}

The hashes are over the slices as they were prepared for training; no name of a file or a patient is in them or in the
model file.

## Recipe

${bullets([
  ['trained', `${facts.epoch} of ${recipe.epochs} epochs, ${facts.step} steps, seed ${facts.seed}`],
  ...Object.entries(recipe).map(([name, value]) => [name, json(value)] as const),
  ['backend', facts.backend],
  [
    'versions',
    Object.entries(facts.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ],
])}

## Figures

${scoresText(facts)}${best ? `\n\nBest mean Dice in validation: ${best.meanDice.toFixed(3)}, epoch ${best.epoch}.` : ''}

Validation chooses among epochs and is no test: expect less on slices that had no part in the training.

## Terms and limits

${LIMITS}
`;
}

function scoresText({ scores, epoch, validation }: ModelCardFacts): string {
  if (scores === null) return 'Not validated.';
  const rows = Object.entries(scores).map(
    ([name, value]) => `| ${name} | ${value === null ? 'n/a' : value.toFixed(3)} |`,
  );
  return `On the ${validation.slices} validation slices, at training size, epoch ${epoch}:

| score | mean |
| ----- | ---: |
${rows.join('\n')}`;
}

function dataText({ slices, sha256 }: DataFacts): string {
  return slices === 0 ? 'none' : `${slices} slices, SHA-256 ${sha256}`;
}

function bullets(items: readonly (readonly [string, string])[]): string {
  return items.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

function json(value: unknown): string {
  return typeof value === 'string' ? value : `\`${JSON.stringify(value)}\``;
}
