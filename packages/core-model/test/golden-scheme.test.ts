import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readGoldenJson, readGoldenKeys, readGoldenTensors, toNhwc } from './golden-files.js';
import {
  fnv1a,
  GOLDEN_SEED,
  goldenEdge,
  goldenImage,
  goldenInput,
  goldenMask,
  goldenTensor,
  goldenWeights,
  hash,
} from './golden-scheme.js';

interface Vectors {
  readonly fnv1a32: Record<string, number>;
  readonly hash_u32: Record<string, number[]>;
  readonly tensors: Record<string, { shape: number[]; first4: number[]; last: number; sha256_le: string }>;
  readonly all_weights_sha256: Record<string, { tensors: number; elements: number; sha256: string }>;
  readonly inputs: Record<string, string> & {
    readonly 'mask_u8 2x96x96': { sha256: string; on: number };
    readonly 'edge_u8 2x96x96': { sha256: string; on: number };
    readonly 'normalised 1x96x96 first4': number[];
  };
}

const vectors = readGoldenJson<Vectors>('generator.json');
const sha256 = (data: Uint8Array | Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');

describe('golden scheme', () => {
  it.each(Object.entries(vectors.fnv1a32))('fnv1a(%j)', (text, expected) => {
    expect(fnv1a(text)).toBe(expected);
  });

  it.each(Object.entries(vectors.hash_u32))('hash stream of %s', (key, expected) => {
    expect(expected.map((_, i) => hash(key, i))).toEqual(expected);
  });

  it.each(Object.entries(vectors.tensors))(
    'tensor %s is bit-exact',
    (name, { shape, first4, last, sha256_le }) => {
      const data = goldenTensor({ name, shape });
      expect([...data.subarray(0, first4.length)]).toEqual(first4);
      expect(data.at(-1)).toBe(last);
      expect(sha256(data)).toBe(sha256_le);
    },
  );

  it('whole Res2Net50 state dict is bit-exact', () => {
    const expected = vectors.all_weights_sha256['res2net50']!;
    const specs = readGoldenKeys('res2net50').filter(({ dtype }) => dtype === 'float32');
    const digest = createHash('sha256');
    let elements = 0;
    for (const { data } of goldenWeights(specs).values()) {
      digest.update(new Uint8Array(data.buffer));
      elements += data.length;
    }
    expect({ tensors: specs.length, elements, sha256: digest.digest('hex') }).toEqual(expected);
  });

  it.each([
    [1, 96, 96, 3],
    [1, 352, 352, 3],
    [2, 48, 64, 6],
  ] as const)('image %ix%ix%ix%i is bit-exact', (b, h, w, c) => {
    expect(sha256(goldenImage(GOLDEN_SEED, b, h, w, c))).toBe(vectors.inputs[`image_u8 ${b}x${h}x${w}x${c}`]);
  });

  it('mask and edge are bit-exact', () => {
    const mask = goldenMask(GOLDEN_SEED, 2, 96, 96);
    const edge = goldenEdge(GOLDEN_SEED, 2, 96, 96);
    expect(sha256(mask)).toBe(vectors.inputs['mask_u8 2x96x96'].sha256);
    expect(sha256(edge)).toBe(vectors.inputs['edge_u8 2x96x96'].sha256);
    expect(edge.filter((v) => v === 255)).toHaveLength(vectors.inputs['edge_u8 2x96x96'].on);
  });

  it('normalised input is bit-exact in the reference layout [n, c, h, w]', () => {
    const nhwc = goldenInput(goldenImage(GOLDEN_SEED, 1, 96, 96, 3), 3); // [1,96,96,3]
    const nchw = new Float32Array(nhwc.length);
    for (let i = 0; i < nhwc.length; i++) nchw[(i % 3) * 96 * 96 + Math.floor(i / 3)] = nhwc[i]!;
    expect([...nchw.subarray(0, 4)]).toEqual(vectors.inputs['normalised 1x96x96 first4']);
    expect(sha256(nchw)).toBe(vectors.inputs['normalised 1x96x96 sha256_le']);
  });
});

describe('golden files', () => {
  it('reads tensors and refuses unknown names', () => {
    const file = readGoldenTensors('primitives.safetensors');
    expect(file.tensor('interp.input').shape).toEqual([2, 3, 24, 16]);
    expect(file.tensor('mc.label_u8').data).toBeInstanceOf(Uint8Array);
    expect(() => file.tensor('no such tensor')).toThrow(/no tensor/);
  });

  it('toNhwc moves channels last', () => {
    const moved = toNhwc({ shape: [2, 3, 1, 2], data: Float32Array.from({ length: 12 }, (_, i) => i) });
    expect(moved.shape).toEqual([2, 1, 2, 3]);
    expect([...moved.data]).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
  });
});
