/** How a kernel is drawn before training; uniform on (-bound, bound), and equal on every platform for a seed. */
export type Initialiser = 'he-fan-out' | 'torch-default' | 'bilinear';

/** [kh,kw,in,out] of a convolution. */
export type KernelShape = readonly [number, number, number, number];

/**
 * Draws a kernel. `he-fan-out` has the variance 2 / fan-out that the reference gives to its backbone (He et al. 2015;
 * uniform here, so that no logarithm can differ between machines); `torch-default` is PyTorch's own for convolutions,
 * bound 1 / sqrt(fan-in). `bilinear` is not random: a transposed convolution that upsamples each channel. The values depend on `seed` and `name` alone, not on what else is drawn.
 */
export function drawKernel(
  [kh, kw, inputs, outputs]: KernelShape,
  initialiser: Initialiser,
  seed: number,
  name: string,
): Float32Array {
  if (initialiser === 'bilinear') return bilinearKernel(kh, kw, inputs, outputs);
  const size = kh * kw * inputs * outputs;
  const bound =
    initialiser === 'he-fan-out' ? Math.sqrt(6 / (kh * kw * outputs)) : 1 / Math.sqrt(kh * kw * inputs);
  return drawUniform(size, bound, seed, name);
}

/** The kernel, of an even side, by which a transposed convolution of half its stride resizes bilinearly. */
function bilinearKernel(kh: number, kw: number, outputs: number, inputs: number): Float32Array {
  const weight = (i: number, side: number): number => 1 - Math.abs((2 * i + 1 - side) / side);
  const values = new Float32Array(kh * kw * outputs * inputs);
  for (let row = 0; row < kh; row++) {
    for (let column = 0; column < kw; column++) {
      for (let c = 0; c < Math.min(inputs, outputs); c++) {
        values[((row * kw + column) * outputs + c) * inputs + c] = weight(row, kh) * weight(column, kw);
      }
    }
  }
  return values;
}

/** `size` values uniform on (-bound, bound): a counter put through a 32-bit hash keyed by seed and name. */
export function drawUniform(size: number, bound: number, seed: number, name: string): Float32Array {
  const values = new Float32Array(size);
  const key = hashText(`${seed}:${name}`);
  for (let i = 0; i < size; i++) {
    const bits = scramble((key + Math.imul(i, 0x9e3779b9)) | 0) >>> 8; // 24 bits
    values[i] = bound * ((2 * bits + 1) / 2 ** 24 - 1);
  }
  return values;
}

/** FNV-1a over the text's code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function scramble(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
