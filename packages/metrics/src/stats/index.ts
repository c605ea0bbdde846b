export {
  bootstrapInterval,
  type BootstrapInterval,
  type BootstrapMethod,
  type BootstrapOptions,
} from './bootstrap.js';
export {
  compareSystems,
  scoreInterval,
  type ClusterOf,
  type ComparisonOptions,
  type SystemComparison,
} from './compare-systems.js';
export { holm } from './holm.js';
export {
  pairedPermutationTest,
  type Alternative,
  type PermutationOptions,
  type PermutationTest,
} from './permutation-test.js';
export type { Clusters } from './samples.js';
export { wilcoxonSignedRank, type WilcoxonOptions, type WilcoxonTest } from './wilcoxon.js';
