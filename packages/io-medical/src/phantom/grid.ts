/** A point in millimetres: to the patient's left, to the back, to the head, from the middle of the chest. */
export type Point = readonly [left: number, back: number, up: number];

/** Where the phantom's voxels lie. Index = x + nx * (y + ny * z); x runs left, y back, z up. */
export interface Grid {
  readonly dims: readonly [number, number, number];
  /** Millimetres between voxels. */
  readonly spacing: readonly [number, number, number];
}

/** Millimetre position of voxel index `i` along `axis`; the grid is centred on the chest. */
export function position(grid: Grid, axis: 0 | 1 | 2, i: number): number {
  return (i - (grid.dims[axis] - 1) / 2) * grid.spacing[axis];
}

/** The fractional index along `axis` of a position in millimetres. */
function indexOf(grid: Grid, axis: 0 | 1 | 2, millimetres: number): number {
  return millimetres / grid.spacing[axis] + (grid.dims[axis] - 1) / 2;
}

/** Calls `visit` for each voxel of the box that reaches `margin` around two points. */
export function forEachVoxelNear(
  grid: Grid,
  a: Point,
  b: Point,
  margin: number,
  visit: (index: number, point: Point) => void,
): void {
  const [nx, ny] = grid.dims;
  const range = (axis: 0 | 1 | 2): [number, number] => [
    Math.max(0, Math.ceil(indexOf(grid, axis, Math.min(a[axis], b[axis]) - margin))),
    Math.min(grid.dims[axis] - 1, Math.floor(indexOf(grid, axis, Math.max(a[axis], b[axis]) + margin))),
  ];
  const [x0, x1] = range(0);
  const [y0, y1] = range(1);
  const [z0, z1] = range(2);
  for (let z = z0; z <= z1; z++) {
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        visit(x + nx * (y + ny * z), [position(grid, 0, x), position(grid, 1, y), position(grid, 2, z)]);
      }
    }
  }
}
