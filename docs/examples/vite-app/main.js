import { InfNet, normaliseSlices, selectBackend } from '@infnet/core-model';
import { wasmPaths } from './wasm-paths.js';
import { draw, greyOf } from './picture.js';

const [input, canvas, status] = ['input', 'canvas', '[role=status]'].map((what) =>
  document.querySelector(what),
);

const wanted = new URLSearchParams(location.search).get('backend') ?? 'auto';
const { name, device } = await selectBackend(wanted, { wasmPaths });
const model = await InfNet.fromPretrained(new URL('model.safetensors', document.baseURI));
const network = model.fuse(); // inference only: faster
model.dispose();
status.textContent = `ready on ${name}: ${device}`;

input.addEventListener('change', async () => {
  const { grey, width, height } = await greyOf(input.files[0], network.inputMultiple);
  const images = normaliseSlices([grey], height, width); // [1, height, width, 3]
  const probability = network.predict(images); // [1, height, width, 1]
  const share = draw(canvas, grey, await probability.data(), width, height);
  for (const tensor of [images, probability]) tensor.dispose();
  status.textContent = `${(100 * share).toFixed(1)} % marked, on ${name}`;
});
