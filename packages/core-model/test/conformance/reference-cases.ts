import type * as tf from '@tensorflow/tfjs';
import { createModel, InfNet, type StateDict } from '../../src/index.js';
import { formulaState, type GoldenKind, goldenImages, MAPS } from '../golden-inputs.js';
import { type GoldenFile, parseGolden, parseKeys } from '../golden-parse.js';
import { GOLDEN_SEED } from '../golden-scheme.js';
import { maxDifference, toNchw } from '../values.js';
import { type ConformanceCase, type ConformanceGolden, requireBelow } from './case.js';

/** spec of the golden data: 20 to 50 times the float32 deviation of the reference itself. */
const TOLERANCE = 1e-4;

/** The reference's networks in their full width, at the smallest size that golden numbers exist for. */
export const REFERENCE_CASES: readonly ConformanceCase[] = [
  ...(['res2net50', 'resnet50', 'vgg16'] as const).map((kind): ConformanceCase => {
    const [height, width] = [96, 96];
    return {
      name: `Inf-Net on ${kind}, ${height}x${width}: forward as the reference`,
      slow: kind !== 'res2net50',
      async run(golden) {
        using model = InfNet.create({ backbone: kind });
        model.loadStateDict(await stateOf(kind, golden));
        const maps = model.forward(goldenImages(1, height, width));
        const expected = await tensorsOf(`forward-${kind}-eval-1x${height}x${width}`, golden);
        const worst = Object.entries(MAPS).map(([name, theirs]) =>
          differenceOf(maps[name as keyof typeof MAPS], expected, theirs),
        );
        return Math.max(...(await Promise.all(worst)));
      },
    };
  }),
  {
    name: 'multi-class U-Net, 50x70: forward as the reference',
    slow: true,
    async run(golden) {
      using model = createModel('multi-class-unet');
      model.loadStateDict(await stateOf('unet', golden));
      const { logits } = model.forward(goldenImages(1, 50, 70, GOLDEN_SEED, 6));
      return differenceOf(logits, await tensorsOf('forward-unet-eval-1x50x70', golden), 'logits');
    },
  },
];

async function stateOf(kind: GoldenKind, { read }: ConformanceGolden): Promise<StateDict> {
  const text = new TextDecoder().decode(await read(`keys-${kind}.json`));
  return formulaState(parseKeys(text));
}

async function tensorsOf(name: string, { read }: ConformanceGolden): Promise<GoldenFile> {
  return parseGolden(name, await read(`${name}.safetensors`));
}

async function differenceOf(ours: tf.Tensor4D, golden: GoldenFile, name: string): Promise<number> {
  const worst = maxDifference(await toNchw(ours), golden.tensor(name).data);
  requireBelow(worst, TOLERANCE, name);
  return worst;
}
