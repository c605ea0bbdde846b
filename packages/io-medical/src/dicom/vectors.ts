/** A point or a direction in millimetres. */
export type Vector = readonly [x: number, y: number, z: number];

/** Three numbers out of more, or nothing where they are fewer. */
export function vector(numbers: readonly number[], from = 0): Vector | undefined {
  const [x, y, z] = numbers.slice(from, from + 3);
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** `a + factor * b`. */
export function addScaled(a: Vector, b: Vector, factor: number): Vector {
  return [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]];
}
