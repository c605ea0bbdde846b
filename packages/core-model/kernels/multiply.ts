/** Rows of a tile, the first factor's; its columns are `LANES`. */
export const ROWS: i32 = 5;
/** Bytes before a tile's entries in a table, and of an entry: an address for each row, and where the weights lie. */
export const HEADER: i32 = 8;
export const ENTRY: i32 = 4 * (ROWS + 1);

/**
 * A tile: the products of five rows with the weights of eight outputs, summed over the entries of a table and over what each goes
 * through, on top of `start`; at least `floor`; to rows that are `step` bytes apart. (Exported so that it stays a function: within
 * another, registers run short.)
 *
 * @param table the number of entries, the bytes that each goes through, and the entries: five addresses, and the bytes from
 *   `weights` to the entry's own
 */
// prettier-ignore
export function multiply(table: usize, weights: usize, start: usize, floor: f32, target: usize, step: i32): void {
  let s00 = v128.load(start), s01 = v128.load(start, 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01, s40 = s00, s41 = s01;
  const taps = load<i32>(table), bytes = load<i32>(table, 4);
  table += HEADER;
  for (let tap = 0; tap < taps; tap++) {
    let p0 = load<usize>(table), p1 = load<usize>(table, 4), p2 = load<usize>(table, 8);
    let p3 = load<usize>(table, 12), p4 = load<usize>(table, 16), w = weights + load<usize>(table, 20);
    table += ENTRY;
    const end = p0 + bytes, even = p0 + (bytes & ~7);
    while (p0 < even) {
      let w0 = v128.load(w), w1 = v128.load(w, 16);
      let x = v128.load32_splat(p0);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
      w0 = v128.load(w, 32); w1 = v128.load(w, 48);
      x = v128.load32_splat(p0, 4);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1, 4);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2, 4);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3, 4);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4, 4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
      p0 += 8; p1 += 8; p2 += 8; p3 += 8; p4 += 8; w += 64;
    }
    if (p0 < end) {
      const w0 = v128.load(w), w1 = v128.load(w, 16);
      let x = v128.load32_splat(p0);
      s00 = f32x4.relaxed_madd(x, w0, s00); s01 = f32x4.relaxed_madd(x, w1, s01);
      x = v128.load32_splat(p1);
      s10 = f32x4.relaxed_madd(x, w0, s10); s11 = f32x4.relaxed_madd(x, w1, s11);
      x = v128.load32_splat(p2);
      s20 = f32x4.relaxed_madd(x, w0, s20); s21 = f32x4.relaxed_madd(x, w1, s21);
      x = v128.load32_splat(p3);
      s30 = f32x4.relaxed_madd(x, w0, s30); s31 = f32x4.relaxed_madd(x, w1, s31);
      x = v128.load32_splat(p4);
      s40 = f32x4.relaxed_madd(x, w0, s40); s41 = f32x4.relaxed_madd(x, w1, s41);
    }
  }
  const least = f32x4.splat(floor);
  v128.store(target, f32x4.pmax(s00, least)); v128.store(target, f32x4.pmax(s01, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s10, least)); v128.store(target, f32x4.pmax(s11, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s20, least)); v128.store(target, f32x4.pmax(s21, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s30, least)); v128.store(target, f32x4.pmax(s31, least), 16);
  target += step;
  v128.store(target, f32x4.pmax(s40, least)); v128.store(target, f32x4.pmax(s41, least), 16);
}

/** A tile: five channels by eight outputs, summed over `count` pixels. (Exported so that it stays a function.) */
// prettier-ignore
export function multiplyColumns(x: usize, dy: usize, count: i32, tile: usize): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
  let s30 = s00, s31 = s00, s40 = s00, s41 = s00;
  const end = dy + (count << 5);
  while (dy < end) {
    const d0 = v128.load(dy), d1 = v128.load(dy, 16);
    let a = v128.load32_splat(x);
    s00 = f32x4.relaxed_madd(a, d0, s00); s01 = f32x4.relaxed_madd(a, d1, s01);
    a = v128.load32_splat(x, 4);
    s10 = f32x4.relaxed_madd(a, d0, s10); s11 = f32x4.relaxed_madd(a, d1, s11);
    a = v128.load32_splat(x, 8);
    s20 = f32x4.relaxed_madd(a, d0, s20); s21 = f32x4.relaxed_madd(a, d1, s21);
    a = v128.load32_splat(x, 12);
    s30 = f32x4.relaxed_madd(a, d0, s30); s31 = f32x4.relaxed_madd(a, d1, s31);
    a = v128.load32_splat(x, 16);
    s40 = f32x4.relaxed_madd(a, d0, s40); s41 = f32x4.relaxed_madd(a, d1, s41);
    x += 20;
    dy += 32;
  }
  v128.store(tile, s00); v128.store(tile, s01, 16); v128.store(tile, s10, 32); v128.store(tile, s11, 48);
  v128.store(tile, s20, 64); v128.store(tile, s21, 80); v128.store(tile, s30, 96); v128.store(tile, s31, 112);
  v128.store(tile, s40, 128); v128.store(tile, s41, 144);
}
