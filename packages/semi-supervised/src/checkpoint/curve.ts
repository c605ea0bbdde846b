import type { TrainingEvent, ValidationEvent } from '../events.js';

/** An epoch of a run, with the validation after it where there was one. Nothing in it tells the time. */
export interface CurvePoint {
  /** From 1. */
  readonly epoch: number;
  /** Optimiser steps made when it ended. */
  readonly step: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Mean over the epoch's steps: L2 norm before clipping. */
  readonly gradientNorm: number;
  /** Of the last step. */
  readonly learningRate: number;
  /** Every score of the validation by its name; undefined where the epoch was not validated. */
  readonly validation: Readonly<Record<string, number | null>> | undefined;
}

/** Gathers a run's curve from its events, in their order. */
export class Curve {
  readonly #points: CurvePoint[] = [];
  #norms: number[] = [];
  #learningRate = NaN;

  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  add(event: TrainingEvent): void {
    switch (event.type) {
      case 'step': {
        this.#norms.push(event.gradientNorm);
        this.#learningRate = event.learningRate;
        break;
      }
      case 'epoch': {
        const { epoch, step, loss } = event;
        const gradientNorm = this.#norms.reduce((sum, norm) => sum + norm, 0) / this.#norms.length;
        const learningRate = this.#learningRate;
        this.#points.push({ epoch, step, loss, gradientNorm, learningRate, validation: undefined });
        this.#norms = [];
        break;
      }
      case 'validation': {
        const last = this.#points.at(-1);
        if (last?.epoch === event.epoch) this.#points.splice(-1, 1, { ...last, validation: scoresOf(event) });
        break;
      }
      default:
    }
  }
}

/** What is no score in a validation event. */
const NO_SCORES = new Set(['step', 'epoch', 'seconds', 'slices']);

/** Scores of single classes are called by them: `consolidation.dice`. A score that is not defined is null, as in the log. */
function scoresOf({ classes = [], ...event }: ValidationEvent): Record<string, number | null> {
  const scores: Record<string, number | null> = {};
  const take = (part: object, prefix: string): void => {
    for (const [name, value] of Object.entries(part)) {
      if ((typeof value !== 'number' && value !== null) || NO_SCORES.has(name)) continue;
      scores[prefix + name] = Number.isFinite(value) ? (value as number) : null;
    }
  };
  take(event, '');
  for (const part of classes) take(part, `${part.name}.`);
  return scores;
}

/** A curve as comma-separated values with a heading: one line per epoch, empty where nothing was measured. */
export function curveCsv(points: readonly CurvePoint[]): string {
  const scores = [...new Set(points.flatMap(({ validation }) => Object.keys(validation ?? {})))];
  const lines = points.map(({ epoch, step, loss, gradientNorm, learningRate, validation }) =>
    [epoch, step, loss, gradientNorm, learningRate, ...scores.map((name) => validation?.[name])].map(cell),
  );
  const heading = ['epoch', 'step', 'loss', 'gradientNorm', 'learningRate', ...scores];
  return [heading, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

function cell(value: number | null | undefined): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}
