import type { ConformanceCase } from './case.js';
import { GOLDEN_CASES } from './golden-cases.js';
import { GRADIENT_CASES } from './gradient-cases.js';
import { NETWORK_CASES } from './network-cases.js';
import { REFERENCE_CASES } from './reference-cases.js';

/** All that a backend must get right, the same for each. */
export const CONFORMANCE: readonly ConformanceCase[] = [
  ...GOLDEN_CASES,
  ...GRADIENT_CASES,
  ...NETWORK_CASES,
  ...REFERENCE_CASES,
];
