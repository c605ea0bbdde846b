/**
 * Trains the model that `infnet demo`, and `infnet segment` without --model, use: the small Inf-Net on slices of
 * seeded chest phantoms. Nothing of a patient goes into it. Its model card stands beside it.
 *
 *     npm run build && node scripts/train-demo-model.mjs [run folder]
 *
 * The run can be interrupted and started again. About an hour on two cores; writes
 * packages/cli/models/phantom-demo.safetensors (float16).
 */
import { fileURLToPath } from 'node:url';
import { InfNet, selectBackend } from '@infnet/core-model';
import { cannyEdge, createPhantom, resizeBilinear, toSlices } from '@infnet/io-medical';
import { PRESETS, resolveRecipe, trainSupervised } from '@infnet/semi-supervised';

const SEED = 1;
const DIMS = [256, 256, 16];
/**
 * The demo shows none of these patients. Quickly first, then in more detail; half of them moderate, half severe, and
 * many patients seen few times, since new ones cost nothing.
 */
const STAGES = [
  { name: 'first', seeds: range(1, 64), size: 192, epochs: 6, learningRate: 1e-2 },
  { name: 'second', seeds: range(101, 64), size: 256, epochs: 5, learningRate: 5e-3 },
];
const VALIDATION_SEEDS = range(5001, 4);
const SEVERITIES = [1.8, 1];
/** Of the slices without infection, one in so many: most show no lung and teach nothing new. */
const KEEP_HEALTHY = 4;

const [runFolder = 'runs/phantom-demo'] = process.argv.slice(2);
const target = fileURLToPath(new URL('../packages/cli/models/phantom-demo.safetensors', import.meta.url));

await selectBackend('wasm');
const model = InfNet.create({ ...PRESETS.short.network, seed: SEED });
for (const { name, seeds, size, epochs, learningRate } of STAGES) {
  await trainSupervised({
    model,
    data: seeds.flatMap(slicesOf),
    validation: VALIDATION_SEEDS.flatMap(slicesOf),
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

/** The slices of a phantom with their truth: all that are infected, and some that are not. */
function slicesOf(seed) {
  const { volume, infection } = createPhantom({
    seed,
    dims: DIMS,
    lesionScale: SEVERITIES[seed % SEVERITIES.length],
  });
  const [width, height] = volume.dims;
  return [...toSlices(volume)].flatMap(({ index, ...image }) => {
    // The phantom's own grid is in display orientation already: no turning of the truth.
    const truth = infection.subarray(index * width * height, (index + 1) * width * height);
    if (!truth.includes(1) && (seed + index) % KEEP_HEALTHY !== 0) return [];
    const mask = { width, height, data: truth.map((value) => 255 * value) };
    return [{ id: `phantom ${seed} slice ${index}`, image, mask }];
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
