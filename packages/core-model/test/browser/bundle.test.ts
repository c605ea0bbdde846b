import { describe, expect, it } from 'vitest';
import { bundleForPage } from './bundle.js';

/** Packages for Node that a page must not carry, and ONNX's own. */
const FOREIGN =
  /node_modules\/(?:webgpu|@tensorflow\/tfjs-node(?:-gpu)?|onnxruntime[^/]*|node-fetch|playwright-core)\//;

const PREDICT = `
import { InfNet, normaliseSlices, selectBackend } from '@infnet/core-model';
globalThis.program = { InfNet, normaliseSlices, selectBackend };
`;

describe.each([
  ['everything', `export * from '@infnet/core-model';`],
  ['the script of a worker', `import '@infnet/core-model/worker';`],
  ['a page that predicts', PREDICT],
])('a bundle of %s', (_, program) => {
  it('holds nothing of Node, tfjs-node, Dawn or onnxruntime, and lacks nothing', async () => {
    const bundle = await bundleForPage(program); // an import of Node's own modules would be refused here
    expect(bundle.missing).toEqual([]);
    expect(bundle.inputs.filter((path) => FOREIGN.test(path))).toEqual([]);
  });
});

describe('a page that loads a model and predicts', () => {
  it('carries no ONNX, no pool, no network but its own', async () => {
    const { inputs } = await bundleForPage(PREDICT);
    const ours = inputs.flatMap(
      (path) => /\/?src\/((?:onnx|pool|baselines|multi-class|graph|inf-net)\/.*)/.exec(path)?.[1] ?? [],
    );
    expect(ours).toContain('inf-net/wiring.ts');
    expect(ours.filter((path) => !path.startsWith('inf-net/'))).toEqual([]);
  });

  it('pays 100 kB before it starts, and then for one backend only', async () => {
    const bundle = await bundleForPage(PREDICT);
    const [wasm, webgpu] = [
      bundle.chunkOf('@tensorflow/tfjs-backend-wasm'),
      bundle.chunkOf('@tensorflow/tfjs-backend-webgpu'),
    ];
    process.stdout.write(
      `load and predict, minified and gzipped: ${bundle.first} bytes, then ${wasm} (wasm, and its binary) or ${webgpu} (webgpu)\n`,
    );
    expect(bundle.first).toBeLessThan(100_000);
    expect(wasm).toBeLessThan(40_000);
    expect(webgpu).toBeLessThan(80_000);
  });
});
