/**
 * How sure a mean is, and whether two systems differ: bootstrap intervals, permutation test, Wilcoxon.
 *
 * @module
 */
export {
  bootstrapInterval,
  type BootstrapInterval,
  type BootstrapMethod,
  type BootstrapOptions,
} from '../stats/bootstrap.js';
export {
  compareSystems,
  scoreInterval,
  type ClusterOf,
  type ComparisonOptions,
  type SystemComparison,
} from '../stats/compare-systems.js';
export { holm } from '../stats/holm.js';
export {
  pairedPermutationTest,
  type Alternative,
  type PermutationOptions,
  type PermutationTest,
} from '../stats/permutation-test.js';
export type { Clusters } from '../stats/samples.js';
export { wilcoxonSignedRank, type WilcoxonOptions, type WilcoxonTest } from '../stats/wilcoxon.js';
