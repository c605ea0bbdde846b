import { DatasetEvaluator } from './dataset-evaluator.js';
import { isCounts, type DatasetState } from './dataset-state.js';
import { numberIn } from './number-in.js';
import { encodeNumbers, invalidState, isNumber, isRecord, readFormat } from './read-plain.js';
import { TALLY_SUMS, type VolumeTally } from './volume-tally.js';
import type { VolumeOptions } from './volume-evaluator.js';

const FORMAT = 'infnet-metrics-volumes/1';

/** Complete state of a `VolumeEvaluator` as plain data. */
export interface VolumesState {
  readonly format: typeof FORMAT;
  readonly falseAlarmPixels: number;
  readonly infected: DatasetState;
  readonly healthy: DatasetState;
  readonly volumes: readonly VolumeTally[];
}

/** Plain data that JSON carries without loss. */
export function writeVolumes(content: Omit<VolumesState, 'format'>): VolumesState {
  return encodeNumbers({ format: FORMAT, ...content }) as VolumesState;
}

/**
 * Reverses {@link writeVolumes}, from an object or JSON text.
 *
 * @throws MetricsError `invalid-state`, `definition-mismatch`
 */
export function readVolumes(json: unknown): {
  readonly infected: DatasetEvaluator;
  readonly healthy: DatasetEvaluator;
  readonly options: VolumeOptions;
  readonly volumes: readonly VolumeTally[];
} {
  const state = readFormat(json, FORMAT, ['volumes']);
  const infected = DatasetEvaluator.fromJSON(state['infected']);
  const healthy = DatasetEvaluator.fromJSON(state['healthy']);
  const volumes = (state['volumes'] as unknown[]).map(readTally);
  const slices = volumes.reduce((sum, tally) => sum + tally.slices, 0);
  if (slices !== infected.size + healthy.size) throw invalidState('its volumes do not hold its slices');
  const falseAlarmPixels = checkFalseAlarmPixels(state['falseAlarmPixels'] as number);
  return { infected, healthy, options: { ...infected.options, falseAlarmPixels }, volumes };
}

/** @throws MetricsError `invalid-option` */
export function checkFalseAlarmPixels(pixels: number): number {
  return numberIn('falseAlarmPixels', pixels, 1, Infinity, 'whole number');
}

function readTally(json: unknown): VolumeTally {
  const given = isRecord(json) ? json : {};
  const { id, counts } = given;
  const sums = TALLY_SUMS.map((name) => [name, given[name]] as const);
  if (typeof id !== 'string' || !isCounts(counts) || !sums.every(([, value]) => isNumber(value))) {
    throw invalidState('a volume is damaged');
  }
  return { id, counts, ...(Object.fromEntries(sums) as unknown as Omit<VolumeTally, 'id' | 'counts'>) };
}
