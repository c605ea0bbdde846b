/**
 * How good each of Inf-Net's maps is: the authors' mean Dice and Dice at 0.5 of S_g, S_5, S_4 and S_3 over a folder of
 * labelled slices. A cascade that works ends above where it began: S_3 above S_g.
 *
 *     npm run build && node scripts/score-side-outputs.mjs MODEL DATA [SIZE]      # DATA/Imgs, DATA/GT
 */
import { InfNet, normaliseSlices, selectBackend } from '@infnet/core-model';
import { readGreyImage, resizeBilinear } from '@infnet/io-medical';
import { DatasetEvaluator } from '@infnet/metrics';
import { listFolder } from '@infnet/semi-supervised';

const [modelPath, data, side = '256'] = process.argv.slice(2);
if (modelPath === undefined || data === undefined) {
  console.error('usage: node scripts/score-side-outputs.mjs MODEL DATA [SIZE]');
  process.exit(2);
}
const size = Number(side);
const MAPS = { S_g: 'globalMap', S_5: 's5', S_4: 's4', S_3: 's3' };

await selectBackend('wasm');
const network = (await InfNet.fromPretrained(modelPath)).fuse();
const evaluators = Object.fromEntries(
  Object.keys(MAPS).map((name) => [name, new DatasetEvaluator({ protocol: 'infnet' })]),
);
const { pairs } = await listFolder(data);
for (const { id, image, mask } of pairs) {
  const slice = await readGreyImage(image);
  const truth = await readGreyImage(mask);
  const images = normaliseSlices([resizeBilinear(slice, size, size).data], size, size); // [1,H,W,3]
  const outputs = network.forward(images);
  for (const [name, output] of Object.entries(MAPS)) {
    const logits = await outputs[output].data(); // H*W
    const map = { width: size, height: size, data: logits.map((x) => Math.round(255 / (1 + Math.exp(-x)))) };
    const { width, height } = slice;
    const own = resizeBilinear({ ...map, data: Uint8Array.from(map.data) }, width, height);
    evaluators[name].add(id, own.data, truth.data, { width, height });
  }
  images.dispose();
  for (const output of Object.values(outputs)) output.dispose();
}
for (const [name, evaluator] of Object.entries(evaluators)) {
  const { meanDice, diceAtHalf } = evaluator.summary().scores;
  console.log(`${name}  mean Dice ${meanDice.value.toFixed(3)}  Dice at 0.5 ${diceAtHalf.value.toFixed(3)}`);
}
