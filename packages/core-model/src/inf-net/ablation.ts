import type { InfNetOptions } from './options.js';

/** One row of the paper's Table IV. */
export interface Ablation {
  /** Its number there. */
  readonly row: number;
  /** The boxes beside the backbone, in the paper's abbreviations: EA, PPD, RA. */
  readonly name: string;
  /** What `InfNet.create` makes it by. */
  readonly options: Pick<InfNetOptions, 'partialDecoder' | 'reverseAttention' | 'edgeAttention'>;
}

function row(number: number, name: string): Ablation {
  const has = (box: string): boolean => name.split(' + ').includes(box);
  const options = { partialDecoder: has('PPD'), reverseAttention: has('RA'), edgeAttention: has('EA') };
  return { row: number, name, options };
}

/**
 * The seven networks of the paper's ablation (Table IV, section IV-D). Neither paper nor released code says what takes
 * the place of a missing box. Here: without the partial decoder S_g is a 1x1 convolution of f5; without reverse
 * attention nothing refines S_g, which is the prediction, and edge attention acts through the backbone that it shares
 * alone; without edge attention reverse attention sees the attended feature only.
 */
export const ABLATIONS: readonly Ablation[] = [
  row(1, 'backbone'),
  row(2, 'EA'),
  row(3, 'PPD'),
  row(4, 'RA'),
  row(5, 'RA + EA'),
  row(6, 'PPD + RA'),
  row(7, 'PPD + RA + EA'),
];
