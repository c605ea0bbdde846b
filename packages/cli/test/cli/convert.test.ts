import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWeights, writeSafetensors, type StateDict } from '@infnet/core-model';
import { beforeAll, describe, expect, it } from 'vitest';
import { slicePng, writeTinyModel } from '../fixtures.js';
import { infnet, only, temporaryFolder } from '../infnet.js';

let root: string;
let model: string;
beforeAll(async () => {
  root = await temporaryFolder();
  model = await writeTinyModel(join(root, 'tiny.safetensors'));
  return () => rm(root, { recursive: true, force: true });
});

const bytesOf = (dict: StateDict): Buffer => Buffer.from(writeSafetensors(dict));
const read = async (path: string): Promise<ReturnType<typeof readWeights>> =>
  readWeights(new Uint8Array(await readFile(path)));

describe('convert', () => {
  it('to .pth and back: the same bytes; info and segment take the .pth as they take the other', async () => {
    const [pth, back] = [join(root, 'a.pth'), join(root, 'back.safetensors')];
    const { code, events } = await infnet(['convert', model, pth]);
    expect(code).toBe(0);
    expect(only(events, 'written')).toMatchObject([{ what: 'model', path: pth }]);
    expect((await infnet(['convert', pth, back])).code).toBe(0);
    expect((await readFile(back)).equals(await readFile(model))).toBe(true);
    const { stdout } = await infnet(['info', pth, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'pytorch-zip', metadata: { 'infnet.size': '64' } });
    await writeFile(join(root, 'slice.png'), slicePng());
    const output = join(root, 'out');
    const args = ['segment', join(root, 'slice.png'), '-o', output, '--model', pth, '--backend', 'wasm'];
    const segmented = await infnet(args);
    expect(segmented.code).toBe(0);
  });

  it('to model.json and to half precision', async () => {
    expect((await infnet(['convert', model, join(root, 'model.json')])).code).toBe(0);
    const half = join(root, 'half.safetensors');
    expect((await infnet(['convert', join(root, 'model.json'), half, '--dtype', 'float16'])).code).toBe(0);
    const { dict } = await read(half);
    expect(new Set([...dict.values()].map(({ dtype }) => dtype))).toEqual(new Set(['float16', 'int64']));
    const whole = await read(model);
    expect([...dict.keys()]).toEqual([...whole.dict.keys()]);
    expect(bytesOf(dict).length).toBeLessThan(0.6 * bytesOf(whole.dict).length);
  });

  it("to ONNX at the model's own size", async () => {
    const onnx = join(root, 'tiny.onnx');
    expect((await infnet(['convert', model, onnx, '--dynamic-batch'])).code).toBe(0);
    const bytes = await readFile(onnx);
    for (const word of ['images', 'probability', 'batch', 'infnet.architecture', 'Conv']) {
      expect(bytes.includes(word), word).toBe(true);
    }
  });

  it('refuses to replace, unknown endings, and what is no model, and says what to do', async () => {
    const fails = async (...args: string[]): Promise<object> => {
      const { code, events } = await infnet(['convert', ...args, '--json-log']);
      expect(code).toBe(2);
      return only(events, 'failure')[0]!;
    };
    expect(await fails(model, model)).toMatchObject({ code: 'output-exists' });
    expect(await fails(model, join(root, 'a.xyz'))).toMatchObject({ code: 'unknown-ending' });
    await writeFile(join(root, 'bad.pth'), 'no model');
    const failure = await fails(join(root, 'bad.pth'), join(root, 'b.safetensors'));
    expect(failure).toHaveProperty('hint');
    expect(await fails(join(root, 'none.pth'), join(root, 'b.onnx'))).toMatchObject({
      code: 'file-not-readable',
    });
  });
});
