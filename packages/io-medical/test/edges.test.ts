import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cannyEdge } from '../src/canny-edge.js';
import { gradientEdge } from '../src/gradient-edge.js';
import { readGreyImage } from '../src/read-image.js';
import { readGolden } from './golden-files.js';
import { hasSharedData, onSharedData, sharedPath } from './shared-data.js';

const golden = readGolden('preprocessing');

/** Ten by eight, a block of mask from (3, 2) to (6, 5). */
function block(): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(80);
  for (let y = 2; y <= 5; y++) data.fill(255, y * 10 + 3, y * 10 + 7);
  return { width: 10, height: 8, data };
}

describe('cannyEdge', () => {
  it.each(['p0', 'p1', 'p2', 'p3'])('equals OpenCV on the grey mask %s', (name) => {
    const input = golden.get(`${name}.edge_input_u8`);
    const [height = 0, width = 0] = input?.shape ?? [];
    const edge = cannyEdge({ width, height, data: Uint8Array.from(input?.data ?? []) });
    expect(edge.data).toEqual(golden.get(`${name}.edge_canny_u8`)?.data);
    expect(edge.data).toContain(255);
  });

  it('follows weak edges only where they touch a strong one', () => {
    // A step whose height falls from 120 to 30, so that its gradient in the last row lies between the thresholds.
    const data = Uint8Array.from({ length: 100 }, (_, i) => (i % 10 < 5 ? 0 : 120 - 10 * Math.floor(i / 10)));
    const connected = cannyEdge({ width: 10, height: 10, data }, { maskThreshold: null });
    expect([...connected.data.subarray(90)]).toEqual([0, 0, 0, 0, 0, 255, 0, 0, 0, 0]);
    const weak = data.map((value) => Math.min(value, 30));
    expect(cannyEdge({ width: 10, height: 10, data: weak }, { maskThreshold: null }).data).not.toContain(255);
  });

  it('gives nothing for empty and full masks, and refuses 0/1 masks', () => {
    const empty = { width: 5, height: 5, data: new Uint8Array(25) };
    expect(cannyEdge(empty).data).toEqual(empty.data);
    expect(cannyEdge({ ...empty, data: new Uint8Array(25).fill(255) }).data).toEqual(empty.data);
    expect(() => cannyEdge({ ...empty, data: Uint8Array.from({ length: 25 }, (_, i) => i % 2) })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });
});

describe('gradientEdge', () => {
  it('marks both sides of a border and nothing else', () => {
    const { width, data } = gradientEdge(block());
    const at = (x: number, y: number): number => data[y * width + x] ?? 0;
    expect([at(2, 3), at(3, 3), at(4, 3), at(5, 3), at(6, 3), at(7, 3)]).toEqual([255, 255, 0, 0, 255, 255]);
    expect(at(2, 1)).toBe(0);
    expect(data.filter(Boolean)).toHaveLength(16 + 12);
  });

  it.skipIf(!hasSharedData)(onSharedData('equals the 50 Edge images of the data set'), async () => {
    const root = sharedPath('covid-semiseg/Dataset/TrainingSet/LungInfection-Train/Doctor-label');
    const names = readdirSync(`${root}/Edge`);
    expect(names).toHaveLength(50);
    for (const name of names) {
      const mask = await readGreyImage(`${root}/GT/${name}`);
      const edge = await readGreyImage(`${root}/Edge/${name}`);
      const expected = edge.data.map((value) => (value > 0 ? 255 : 0));
      expect(Buffer.compare(gradientEdge(mask).data, expected), name).toBe(0);
    }
  });
});
