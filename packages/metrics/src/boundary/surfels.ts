import type { Box } from './crop-pair.js';
import { marchingCubesAreas, type AreaVector } from './marching-cubes.js';

/** The surface between voxels, as pieces that sit on the corners of the voxel grid. */
export interface Surfels {
  /** 1 where a piece sits, same size as the box; index i is the corner before voxel i along every axis. */
  readonly present: Uint8Array;
  /** Area of each piece (length in an image), in the order of the corners. */
  readonly areas: Float64Array;
}

/**
 * The surface of a mask as in Nikolov et al., "Deep learning to achieve clinically applicable segmentation of head and
 * neck anatomy for radiotherapy", 2018: one piece on every corner whose 4 (8) voxels are not all alike, as large as the
 * marching-squares (marching-cubes) surface in there.
 */
export function surfelsOf(box: Box): Surfels {
  const { bytes, width, height, depth, isVolume } = box;
  const areaOf = isVolume ? cubeAreas(box.spacing) : squareLengths(box.spacing);
  const present = new Uint8Array(bytes.length);
  const area = width * height;
  const areas: number[] = [];
  const mixed = isVolume ? 255 : 15;
  for (let z = isVolume ? 1 : 0; z < depth; z++) {
    for (let y = 1; y < height; y++) {
      const row = z * area + y * width;
      let before = 0; // the voxels on the left of the corner; the margin is empty
      for (let i = row + 1; i < row + width; i++) {
        const inImage = bytes[i - width]! | (bytes[i]! << 2);
        const after = isVolume
          ? bytes[i - area - width]! | (bytes[i - area]! << 2) | (inImage << 4)
          : inImage;
        const code = before | (after << 1);
        before = after;
        if (code === 0 || code === mixed) continue;
        present[i] = 1;
        areas.push(areaOf[code]!);
      }
    }
  }
  return { present, areas: Float64Array.from(areas) };
}

/**
 * Length of the contour in a square by its four corners, bits left top, right top, left bottom, right bottom. One or
 * three set: half a diagonal; two side by side: a side; two across: a diagonal.
 */
function squareLengths([sx, sy]: readonly number[]): Float64Array {
  const half = Math.hypot(sx!, sy!) / 2;
  return Float64Array.from({ length: 16 }, (_, code) => {
    const set = [0, 1, 2, 3].filter((bit) => (code >> bit) & 1);
    if (set.length % 4 === 0) return 0;
    if (set.length % 2 === 1) return half;
    const [a, b] = set as [number, number];
    if (a + b === 3) return 2 * half;
    return b - a === 1 ? sx! : sy!;
  });
}

let cubes: readonly (readonly AreaVector[])[] | undefined;

/** Area of the surface in a cube by its eight corners, bits x, then y, then z. */
function cubeAreas([sx, sy, sz]: readonly [number, number, number]): Float64Array {
  cubes ??= marchingCubesAreas();
  return Float64Array.from(cubes, (triangles) =>
    triangles.reduce((sum, [x, y, z]) => sum + Math.hypot(x * sy * sz, y * sx * sz, z * sx * sy), 0),
  );
}
