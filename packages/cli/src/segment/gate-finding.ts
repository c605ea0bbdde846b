import type { Fact } from '../report/page-data.js';

/** What a slice gate said of the slices of one input. */
export interface GateFinding {
  /** Slices with a probability of infection below this have an empty mask. */
  readonly threshold: number;
  /** Probability that each slice shows infection, from the first to the last. */
  readonly infected: readonly number[];
  /** Numbers of the slices that were called healthy, from 1. */
  readonly healthySlices: readonly number[];
}

export function gateFinding(infected: readonly number[], threshold: number): GateFinding {
  const healthySlices = infected.flatMap((p, i) => (p < threshold ? [i + 1] : []));
  return { threshold, infected: infected.map((p) => Number(p.toFixed(4))), healthySlices };
}

/** For the report: which slices, and why. */
export function gateFact({ threshold, infected, healthySlices }: GateFinding): Fact {
  const which = healthySlices.length === 0 ? '' : `: ${ranges(healthySlices)}`;
  const kept = `${healthySlices.length} of ${infected.length} slices called healthy`;
  return { label: 'Slice gate', value: `${kept} (probability of infection below ${threshold})${which}` };
}

/** `1-3, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
