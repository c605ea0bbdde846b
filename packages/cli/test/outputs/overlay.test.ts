import { labelColour } from '@infnet/io-medical';
import { expect, it } from 'vitest';
import { overlayRgb } from '../../src/outputs/overlay.js';

const slice = { width: 5, height: 3, data: new Uint8Array(15).fill(100) };
const pixel = (rgb: Uint8Array, i: number): number[] => [...rgb.subarray(3 * i, 3 * i + 3)];

it('outlines each label in its own colour, where it meets another too', () => {
  const labels = Uint8Array.from([1, 1, 1, 2, 2, 1, 1, 1, 2, 2, 1, 1, 1, 2, 2]);
  const rgb = overlayRgb(slice, labels, labelColour);
  expect(pixel(rgb, 7)).toEqual([...labelColour(1)]); // beside the other label
  expect(pixel(rgb, 8)).toEqual([...labelColour(2)]);
  const inside = pixel(rgb, 6);
  expect(inside).not.toEqual([...labelColour(1)]);
  expect(inside).not.toEqual([100, 100, 100]);
});

it('leaves what is no mask as it is', () => {
  const mask = new Uint8Array(15);
  expect(overlayRgb(slice, mask)).toEqual(new Uint8Array(45).fill(100));
  mask[7] = 1;
  expect(pixel(overlayRgb(slice, mask), 7)).toEqual([255, 92, 80]);
  expect(pixel(overlayRgb(slice, mask), 6)).toEqual([100, 100, 100]);
});
