import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPhantom } from '../../src/phantom/create-phantom.js';
import { readImage } from '../../src/read-image.js';
import { readImageInWorker } from '../../src/worker/read-image-in-worker.js';
import { ctSeries } from '../dicom/ct-series.js';
import { temporaryFolder } from '../temporary-folder.js';
import { bundleForNode } from '../bundle.js';

const folder = temporaryFolder();
const { volume: phantom } = createPhantom({ seed: 1, dims: [16, 16, 2] });
const [slice = new Uint8Array(0)] = ctSeries(phantom);

function script(name: string, content: string): URL {
  const path = join(folder, name);
  writeFileSync(path, content);
  return pathToFileURL(path);
}

describe('reading in a worker', () => {
  const workerUrl = pathToFileURL(join(folder, 'image-worker.mjs'));
  beforeAll(async () => {
    await bundleForNode(new URL('../../src/worker/image-worker.ts', import.meta.url), workerUrl);
  });

  it('gives the volume that reading here gives, from bytes, a path and a list of files', async () => {
    const expected = await readImage(slice);
    const larger = new Uint8Array(slice.length + 100);
    larger.set(slice, 50);
    const view = larger.subarray(50, 50 + slice.length);
    expect(await readImageInWorker(view, { workerUrl })).toEqual(expected);
    expect(view).toEqual(slice);
    const path = join(folder, 'slice.dcm');
    writeFileSync(path, slice);
    expect((await readImageInWorker(path, { workerUrl })).voxels).toEqual(expected.voxels);
    expect((await readImageInWorker(pathToFileURL(path), { workerUrl })).voxels).toEqual(expected.voxels);
    const files = ctSeries(phantom).map((bytes, i) => ({ name: `${i}.dcm`, bytes }));
    expect((await readImageInWorker(files, { workerUrl })).voxels).toEqual(phantom.voxels);
  });

  it('gives the errors that reading here gives', async () => {
    const short = slice.subarray(0, 700);
    const expected = (await readImage(short, { name: 'short' }).catch((error: unknown) => error)) as Error;
    const error = await readImageInWorker(short, { name: 'short', workerUrl }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: 'ImageFormatError', code: 'truncated', message: expected.message });
  });

  it('is stopped at the time limit, whatever the worker does', async () => {
    const start = performance.now();
    const error = await readImageInWorker(slice, {
      name: 'slow',
      timeoutMs: 300,
      workerUrl: script('endless.mjs', 'for (;;);'),
    }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'timed-out',
      message: 'slow: was not read within 300 ms and was given up',
    });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('is stopped by a signal', async () => {
    const controller = new AbortController();
    const reading = readImageInWorker(slice, {
      signal: controller.signal,
      workerUrl: script('endless-too.mjs', 'for (;;);'),
    });
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(readImageInWorker(slice, { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('tells of a worker that dies or is not there', async () => {
    const dead = script('dead.mjs', 'process.exit(3);');
    await expect(readImageInWorker(slice, { workerUrl: dead })).rejects.toMatchObject({ code: 'corrupt' });
    const none = pathToFileURL(join(folder, 'none.mjs'));
    await expect(readImageInWorker(slice, { workerUrl: none })).rejects.toMatchObject({ code: 'corrupt' });
  });
});
