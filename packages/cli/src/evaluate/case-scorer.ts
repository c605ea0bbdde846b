import {
  DatasetEvaluator,
  evaluateMap,
  MeasureTable,
  type DatasetSummary,
  type EmptyPolicy,
  type MetricOptions,
  type ProtocolName,
} from '@infnet/metrics';
import { VolumeEvaluator, type VolumesSummary } from '@infnet/metrics/volumes';
import type { ClusterOf } from '@infnet/metrics/stats';
import {
  describeMasks,
  MASK_MEASURES,
  maskMeasures,
  type MaskMeasure,
  type MaskSummary,
} from './mask-measures.js';
import type { ReadMap } from './read-map.js';

/** What a scorer has seen, under one definition each. */
export interface Scored {
  /** All slices, in the protocol that was asked for. */
  readonly summary: DatasetSummary;
  /** The same slices in the other protocol. */
  readonly other: DatasetSummary;
  /** Slices with and without infection apart; volumes (or patients) as wholes. */
  readonly volumes: VolumesSummary;
  /** Surfaces and lesions of the masks of whole cases; undefined where they were not asked for. */
  readonly masks: MaskSummary | undefined;
}

/** How cases are scored. */
export interface ScorerOptions {
  readonly protocol: ProtocolName;
  readonly metrics?: MetricOptions;
  /** What 0 / 0 is under that protocol. Default: the protocol's own. The other protocol keeps its own. */
  readonly empty?: EmptyPolicy | undefined;
  readonly clusterOf?: ClusterOf | undefined;
  /** Surfaces and lesions too; volumes have them anyway. */
  readonly masks?: boolean | undefined;
}

/** Measures cases slice by slice in both protocols. */
export class CaseScorer {
  readonly #options: ScorerOptions;
  readonly #chosen: DatasetEvaluator;
  readonly #other: DatasetEvaluator;
  readonly #volumes: VolumeEvaluator;
  readonly #masks: MeasureTable<MaskMeasure> = new MeasureTable(MASK_MEASURES);
  #unit: MaskSummary['unit'] = 'pixels';
  #dimensions: 2 | 3 = 2;

  constructor(options: ScorerOptions) {
    this.#options = options;
    const { protocol, metrics, empty } = options;
    const chosen = { ...metrics, protocol, ...(empty && { empty }) };
    this.#chosen = new DatasetEvaluator(chosen);
    this.#other = new DatasetEvaluator({
      ...metrics,
      protocol: protocol === 'infnet' ? 'standard' : 'infnet',
    });
    this.#volumes = new VolumeEvaluator(chosen);
  }

  /**
   * Adds a case, all of its slices or, if one of them cannot be measured, none.
   *
   * @returns what looks odd, and whether there is infection at all
   */
  add(id: string, prediction: ReadMap, truth: ReadMap): { warnings: readonly string[]; isInfected: boolean } {
    const { width, height, depth, spacing } = truth;
    const group = this.#options.clusterOf?.(id) ?? id;
    const area = width * height;
    const measure = (z: number, { options }: DatasetEvaluator): ReturnType<typeof evaluateMap> =>
      evaluateMap(
        prediction.data.subarray(z * area, (z + 1) * area),
        truth.data.subarray(z * area, (z + 1) * area),
        { ...options, width, height },
      );
    const slices = Array.from({ length: depth }, (_, z) => ({
      name: sliceName(id, z, depth),
      chosen: measure(z, this.#chosen),
      other: measure(z, this.#other),
    }));
    const wantsMasks = this.#options.masks === true || depth > 1;
    const measures = wantsMasks ? maskMeasures(prediction, truth) : undefined;
    for (const { name, chosen, other } of slices) {
      this.#chosen.addReport(name, chosen);
      this.#other.addReport(name, other);
      this.#volumes.addReport(group, name, chosen, spacing);
    }
    if (measures) {
      this.#masks.add(id, measures);
      this.#unit = spacing ? 'mm' : 'pixels';
      this.#dimensions = depth > 1 ? 3 : 2;
    }
    return {
      warnings: [...new Set(slices.flatMap(({ chosen }) => chosen.warnings))],
      isInfected: slices.some(({ chosen }) => chosen.foreground > 0),
    };
  }

  /** Everything so far. */
  summary(): Scored {
    const masks = this.#masks.summary();
    const unit = this.#unit;
    return {
      summary: this.#chosen.summary(),
      other: this.#other.summary(),
      volumes: this.#volumes.summary(),
      masks:
        masks.cases === 0 ? undefined : { ...masks, unit, definition: describeMasks(unit, this.#dimensions) },
    };
  }
}

/** How tables call a slice: the case itself where it has no other, else with its number from the feet up. */
export function sliceName(id: string, z: number, depth: number): string {
  return depth === 1 ? id : `${id} #${z}`;
}
