import { InfNet, type StateDict } from '../../src/index.js';
import { readGoldenKeys } from '../golden-files.js';
import { formulaState, type GoldenKind } from '../golden-inputs.js';

/** The formula weights of a reference network under its own names. */
export function goldenState(kind: GoldenKind = 'res2net50'): StateDict {
  return formulaState(readGoldenKeys(kind));
}

/** The whole Inf-Net on a backbone, Res2Net50 if left out, with the formula weights. */
export function goldenNetwork(kind: Exclude<GoldenKind, 'unet'> = 'res2net50'): InfNet {
  const model = InfNet.create({ backbone: kind });
  model.loadStateDict(goldenState(kind));
  return model;
}
