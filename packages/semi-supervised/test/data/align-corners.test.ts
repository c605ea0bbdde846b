import { describe, expect, it } from 'vitest';
import { readGoldenTensors } from '../../../core-model/test/golden-files.js';
import { resizeAlignCorners, scaledSize } from '../../src/index.js';

describe('scaledSize', () => {
  it.each([
    [64, [64, 64, 64]],
    [192, [128, 192, 256]],
    [256, [192, 256, 320]],
    [320, [256, 320, 384]],
    [352, [256, 352, 448]],
    [448, [320, 448, 576]],
    [32, [32, 32, 32]],
  ])('%i rounds halves to even', (size, expected) => {
    expect([0.75, 1, 1.25].map((scale) => scaledSize(size, scale))).toEqual(expected);
  });
});

describe('resizeAlignCorners', () => {
  const golden = readGoldenTensors('primitives.safetensors');
  const cases = golden.names.filter((name) => name.includes('.multiscale_'));

  it.each(cases)('%s, as PyTorch resizes masks for multi-scale training', (name) => {
    const [picture] = name.split('.') as [string];
    const mask = golden.tensor(`${picture}.mask_tensor`);
    const expected = golden.tensor(name);
    const resized = resizeAlignCorners(
      mask.data as Float32Array,
      mask.shape[1] as number,
      expected.shape[1] as number,
    );
    const apart = resized.map((value, i) => Math.abs(value - (expected.data[i] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });

  it('has cases of enlarging and of shrinking', () => {
    expect(cases.length).toBe(8);
  });
});
