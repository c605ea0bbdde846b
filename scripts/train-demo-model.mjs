/**
 * Trains the model that `infnet demo`, and `infnet segment` without --model, use: the small Inf-Net on slices of
 * seeded chest phantoms. Nothing of a patient goes into it. Its model card stands beside it.
 *
 *     npm run build && node scripts/train-demo-model.mjs [run folder]
 *
 * The run can be interrupted and started again. About a quarter of an hour on two cores; writes
 * packages/cli/models/phantom-demo.safetensors (float16).
 */
import { fileURLToPath } from 'node:url';
import { InfNet, selectBackend } from '@infnet/core-model';
import { cannyEdge, createPhantom, resizeBilinear, toSlices } from '@infnet/io-medical';
import { PRESETS, resolveRecipe, trainSupervised } from '@infnet/semi-supervised';

const SEED = 1;
const DIMS = [256, 256, 16];
/** The demo shows none of these patients. First lesions of all sizes, quickly; then severe cases, in more detail. */
const STAGES = [
  { name: 'first', seeds: range(1, 24), size: 160, epochs: 12, learningRate: 1e-2, lesionScale: 1 },
  { name: 'second', seeds: range(101, 16), size: 256, epochs: 4, learningRate: 5e-3, lesionScale: 1.8 },
];
const VALIDATION_SEEDS = range(5001, 3);

const [runFolder = 'runs/phantom-demo'] = process.argv.slice(2);
const target = fileURLToPath(new URL('../packages/cli/models/phantom-demo.safetensors', import.meta.url));

await selectBackend('wasm');
const model = InfNet.create({ ...PRESETS.short.network, seed: SEED });
for (const { name, seeds, size, epochs, learningRate, lesionScale } of STAGES) {
  await trainSupervised({
    model,
    data: seeds.flatMap((seed) => slicesOf(seed, lesionScale)),
    validation: VALIDATION_SEEDS.flatMap((seed) => slicesOf(seed, lesionScale)),
    io: { resize: resizeBilinear, edge: cannyEdge },
    recipe: resolveRecipe('short', { size, epochs, learningRate }),
    seed: SEED,
    runFolder: `${runFolder}/${name}`,
    resume: true,
    validateEvery: 2,
    onProgress: report,
  });
}
await model.save(target, {
  dtype: 'float16',
  metadata: {
    'infnet.size': String(STAGES.at(-1).size),
    'infnet.training': JSON.stringify({ data: 'seeded chest phantoms', seed: SEED, stages: STAGES }),
  },
});
console.log(`wrote ${target}`);

/** Every slice of a phantom, those without lung or infection included, with its truth. */
function slicesOf(seed, lesionScale) {
  const { volume, infection } = createPhantom({ seed, dims: DIMS, lesionScale });
  const [width, height] = volume.dims;
  return [...toSlices(volume)].map(({ index, ...image }) => {
    // The phantom's own grid is in display orientation already: no turning of the truth.
    const truth = infection.subarray(index * width * height, (index + 1) * width * height);
    const mask = { width, height, data: truth.map((value) => 255 * value) };
    return { id: `phantom ${seed} slice ${index}`, image, mask };
  });
}

function report(event) {
  if (event.type === 'epoch')
    console.log(`epoch ${event.epoch}: loss ${event.loss.toFixed(3)}, ${event.seconds.toFixed(0)} s`);
  if (event.type === 'validation') console.log(`  validation Dice ${JSON.stringify(event)}`);
}

function range(first, count) {
  return Array.from({ length: count }, (_, i) => first + i);
}
