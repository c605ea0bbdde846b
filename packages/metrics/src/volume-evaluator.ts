import { DatasetEvaluator, type DatasetOptions } from './dataset-evaluator.js';
import { duplicateId, MetricsError } from './errors.js';
import { evaluateWith, type MapReport } from './evaluate-map.js';
import { readMask } from './foreground.js';
import { checkSpacing } from './grid.js';
import { flattenTo, type FlatArray, type MaskArray, type PredictionArray, type Shape } from './inputs.js';
import { checkFalseAlarmPixels, readVolumes, writeVolumes, type VolumesState } from './volume-state.js';
import { summariseVolumes, type VolumesSummary } from './volume-summary.js';
import { addTallies, tallyOf, type Spacing, type VolumeTally } from './volume-tally.js';

/** How volumes are measured, slice by slice and as a whole. */
export interface VolumeOptions extends DatasetOptions {
  /** A slice without infection counts as falsely marked from this many pixels at a threshold of 0.5 on. Default 1. */
  readonly falseAlarmPixels?: number;
}

/** Size of a slice and, where known, of its voxels. */
export interface SliceShape extends Shape {
  /** Millimetres between voxel centres along x, y and z; areas and volumes are NaN without. */
  readonly spacing?: Spacing;
}

/** Size of a volume: `depth` slices of width x height, one after the other. */
export interface VolumeShape extends SliceShape {
  readonly depth: number;
}

/**
 * Measures volumes slice by slice and as wholes, slices without infection included (the paper's Table V: 638 slices of 9
 * volumes, 285 of them without infection).
 *
 * Dice and sensitivity say nothing about a slice without infection. Such slices are kept apart: there the questions are
 * how often something is marked at all, and how much. The volumes' own scores count all their voxels together. What
 * belongs to a single map (stretching under `infnet`, the adaptive threshold) is done slice by slice, as the authors do.
 *
 * @example
 * ```ts
 * import { VolumeEvaluator } from '@infnet/metrics/volumes';
 *
 * const evaluator = new VolumeEvaluator();
 * const truth = Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 0); // two slices, the second without infection
 * const prediction = Float32Array.of(0.9, 0.8, 0, 0, 0, 0.7, 0, 0);
 * evaluator.addVolume('scan-1', prediction, truth, { width: 2, height: 2, depth: 2, spacing: [2, 2, 5] });
 * const { infected, healthy, volumes } = evaluator.summary();
 * console.log(infected.scores.diceAtHalf.value, healthy.falselyMarked, healthy.slices.cases); // 1 1 1
 * console.log(volumes.rows[0].values.dice, volumes.rows[0].values.truthMl); // 0.8 0.04
 * ```
 */
export class VolumeEvaluator {
  readonly #infected: DatasetEvaluator;
  readonly #healthy: DatasetEvaluator;
  readonly #falseAlarmPixels: number;
  readonly #volumes: Map<string, VolumeTally> = new Map();

  /** @throws MetricsError `invalid-option` */
  constructor(options: VolumeOptions = {}) {
    this.#falseAlarmPixels = checkFalseAlarmPixels(options.falseAlarmPixels ?? 1);
    this.#infected = new DatasetEvaluator(options);
    this.#healthy = new DatasetEvaluator(options);
  }

  /**
   * Continues from what {@link VolumeEvaluator.toJSON} gave, parsed or not.
   *
   * @throws MetricsError as {@link DatasetEvaluator.fromJSON}
   */
  static fromJSON(json: unknown): VolumeEvaluator {
    const { infected, healthy, options, volumes } = readVolumes(json);
    const evaluator = new VolumeEvaluator(options);
    evaluator.#infected.merge(infected);
    evaluator.#healthy.merge(healthy);
    for (const tally of volumes) evaluator.#count(tally);
    return evaluator;
  }

  /** Number of volumes so far. */
  get size(): number {
    return this.#volumes.size;
  }

  /**
   * Measures all slices of one volume.
   *
   * @param prediction [depth * height * width], x fastest; soft or binary as for {@link DatasetEvaluator.add}
   * @throws MetricsError `duplicate-id`, `invalid-shape`, `length-mismatch`, `invalid-option`, and whatever {@link evaluateMap} throws;
   *   nothing of the volume is added then
   */
  addVolume(id: string, prediction: PredictionArray, groundTruth: MaskArray, shape: VolumeShape): void {
    if (this.#volumes.has(id)) throw duplicateId('volume', id);
    const { width, height, depth } = shape;
    if (shape.spacing) checkSpacing(shape.spacing, 3, 3);
    const values = flattenTo(prediction, shape, 'prediction');
    const labels = flattenTo(groundTruth, shape, 'groundTruth');
    // Whether a mask is 0 and 1 or grey is decided on the whole volume: a single slice may hold too little to tell.
    const truth = this.definition.foregroundAbove === 'auto' ? binaryMask(labels) : labels;
    const area = width * height;
    const slices = Array.from({ length: depth }, (_, z) => {
      const [from, to] = [z * area, (z + 1) * area];
      return evaluateWith(
        values.subarray(from, to),
        truth.subarray(from, to),
        { width, height },
        this.definition,
      );
    });
    slices.forEach((report, z) => this.addReport(id, z, report, shape.spacing));
  }

  /**
   * Measures one slice of a volume, for slices that come one at a time.
   *
   * @param slice its number in the volume
   * @returns the slice's own report
   * @throws MetricsError `duplicate-id`, and whatever {@link evaluateMap} throws
   */
  addSlice(
    id: string,
    slice: number,
    prediction: PredictionArray,
    groundTruth: MaskArray,
    shape: SliceShape,
  ): MapReport {
    if (shape.spacing) checkSpacing(shape.spacing, 3, 3);
    const { width, height } = shape;
    const report = evaluateWith(prediction, groundTruth, { width, height }, this.definition);
    this.addReport(id, slice, report, shape.spacing);
    return report;
  }

  /**
   * Adds a slice that was measured elsewhere, by {@link evaluateMap} with the same options.
   *
   * @param slice its number in the volume, or a name of its own
   * @throws MetricsError `duplicate-id`, `definition-mismatch`, `invalid-option`
   */
  addReport(id: string, slice: number | string, report: MapReport, spacing?: Spacing): void {
    if (spacing) checkSpacing(spacing, 3, 3);
    const part = report.foreground > 0 ? this.#infected : this.#healthy;
    part.addReport(typeof slice === 'string' ? slice : `${id} #${slice}`, report);
    this.#count(tallyOf(id, report, spacing, this.#falseAlarmPixels));
  }

  /**
   * Adds all slices of another evaluator, for example one that ran in a worker; one volume may be spread over several.
   *
   * @throws MetricsError `definition-mismatch`, `duplicate-id`
   */
  merge(other: VolumeEvaluator): this {
    if (other.#falseAlarmPixels !== this.#falseAlarmPixels) {
      throw new MetricsError(
        'definition-mismatch',
        `the other result counts false alarms from ${other.#falseAlarmPixels} pixels on`,
        'measure both with the same falseAlarmPixels',
      );
    }
    this.#infected.merge(other.#infected);
    this.#healthy.merge(other.#healthy);
    for (const tally of other.#volumes.values()) this.#count(tally);
    return this;
  }

  /** Figures of all slices, of those with and without infection, and of the volumes. */
  summary(): VolumesSummary {
    const all = new DatasetEvaluator(this.#infected.options).merge(this.#infected).merge(this.#healthy);
    return summariseVolumes(
      { all: all.summary(), infected: this.#infected.summary(), healthy: this.#healthy.summary() },
      [...this.#volumes.values()],
      this.#falseAlarmPixels,
    );
  }

  /** The complete state as plain data. */
  toJSON(): VolumesState {
    return writeVolumes({
      falseAlarmPixels: this.#falseAlarmPixels,
      infected: this.#infected.toJSON(),
      healthy: this.#healthy.toJSON(),
      volumes: [...this.#volumes.values()],
    });
  }

  /** What every number was made by. */
  get definition(): MapReport['definition'] {
    return this.#infected.definition;
  }

  #count(tally: VolumeTally): void {
    const before = this.#volumes.get(tally.id);
    this.#volumes.set(tally.id, before ? addTallies(before, tally) : tally);
  }
}

function binaryMask(groundTruth: FlatArray): Uint8Array {
  const { bytes, above } = readMask(groundTruth, 'auto', 'groundTruth');
  return bytes.map((value) => (value > above ? 1 : 0));
}
