/** The bits of one float32 rounded to float16, ties to even; too large becomes infinity, NaN stays NaN. */
function halfFromSingleBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and above
  // Normal halves keep 10 of 23 fraction bits and move the exponent's bias from 127 to 15. Below 2^-14 the leading one
  // becomes explicit and every halving drops one bit more; below 2^-25 nothing is left.
  const isNormal = magnitude >= 0x38800000;
  const drop = isNormal ? 13 : 126 - (magnitude >>> 23);
  if (drop > 24) return sign;
  const value = isNormal ? magnitude - 0x38000000 : (magnitude & 0x7fffff) | 0x800000;
  const kept = value >>> drop;
  const rest = value & ((1 << drop) - 1);
  const tie = 1 << (drop - 1);
  const roundUp = rest > tie || (rest === tie && (kept & 1) === 1);
  return sign | (kept + (roundUp ? 1 : 0)); // a carry into the exponent is the right result, up to infinity
}

const SCALE = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (Math.max(exponent, 1) - 25));

function valueOfHalf(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction : fraction + 1024) * SCALE[exponent]!;
}

/**
 * Float16 bit patterns (IEEE 754 binary16) of float32 values: rounded to nearest, ties to even, as PyTorch's `.half()`.
 * Magnitudes of 65520 and above become infinity; those of 2^-25 and below become zero, sign kept.
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = halfFromSingleBits(singles[i]!);
  return halves;
}

/** Values of float16 bit patterns (IEEE 754 binary16). Exact: every float16 is a float32. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = valueOfHalf(halves[i]!);
  return values;
}
