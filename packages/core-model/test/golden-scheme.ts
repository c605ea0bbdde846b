/**
 * The deterministic generator behind the golden data ("infnet-golden" scheme, version 1): weights, images, masks and edges
 * from a formula, so that no weights are stored. All integer arithmetic is unsigned 32-bit with wrap-around.
 */

/** Seed of every golden file. */
export const GOLDEN_SEED = 'infnet-golden-1';

/** Name and PyTorch shape (row-major; convolutions OIHW) of one state-dict entry. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** FNV-1a hash of the UTF-8 bytes of `text`, as an unsigned 32-bit integer. */
export function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

function mix(keyHash: number, index: number): number {
  let x = (keyHash + Math.imul(index, 0x9e3779b9)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Hash number `index` of the stream named `key`, an unsigned 32-bit integer. */
export const hash = (key: string, index: number): number => mix(fnv1a(key), index);

const toUnit = (h: number): number => (2 * (h >>> 8) + 1 - 2 ** 24) / 2 ** 24;

/** Number `index` of the stream named `key`, exact in double precision, in (-1, 1). */
export const unit = (key: string, index: number): number => toUnit(hash(key, index));

const elements = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Centre and half-width of the values of a tensor, from its name and shape. */
function valueRange({ name, shape }: TensorSpec): { mid: number; half: number } {
  if (name.endsWith('num_batches_tracked')) return { mid: 0, half: 0 };
  if (name.endsWith('running_mean')) return { mid: 0, half: 0.25 };
  if (name.endsWith('running_var')) return { mid: 1, half: 0.5 };
  if (name.endsWith('.bias')) return { mid: 0, half: 0.25 };
  if (shape.length === 1) return { mid: name.endsWith('.bn3.weight') ? 0.5 : 1, half: 0.25 };
  const variance = name.startsWith('vgg.') || name.includes('.double_conv.') ? 6 : 3;
  return { mid: 0, half: Math.sqrt(variance / elements(shape.slice(1))) };
}

/** Values of one state-dict tensor in PyTorch row-major order. */
export function goldenTensor(spec: TensorSpec, seed: string = GOLDEN_SEED): Float32Array {
  const { mid, half } = valueRange(spec);
  const keyHash = fnv1a(`${seed}:${spec.name}`);
  return Float32Array.from({ length: elements(spec.shape) }, (_, i) => mid + half * toUnit(mix(keyHash, i)));
}

/** Golden weights for a list of state-dict entries, in the list's order. */
export function goldenWeights(
  specs: Iterable<TensorSpec>,
  seed: string = GOLDEN_SEED,
): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const spec of specs) weights.set(spec.name, { shape: spec.shape, data: goldenTensor(spec, seed) });
  return weights;
}

const floorDiv = (a: number, b: number): number => Math.floor(a / b);

/** The two ellipses of image `n`: `q(e, x, y)` is 1024 on the border of ellipse `e` and grows outwards. */
function ellipses(
  seed: string,
  n: number,
  h: number,
  w: number,
): (e: number, x: number, y: number) => number {
  const p = (i: number): number => hash(`${seed}:image:${n}`, i);
  const shapes = [0, 1].map((e) => ({
    cx: floorDiv(w * (20 + (p(4 * e) % 60)), 100),
    cy: floorDiv(h * (20 + (p(4 * e + 1) % 60)), 100),
    rx: 1 + floorDiv(w * (10 + (p(4 * e + 2) % 20)), 100),
    ry: 1 + floorDiv(h * (10 + (p(4 * e + 3) % 20)), 100),
  }));
  return (e, x, y) => {
    const { cx, cy, rx, ry } = shapes[e]!;
    return floorDiv((x - cx) ** 2 * 1024, rx * rx) + floorDiv((y - cy) ** 2 * 1024, ry * ry);
  };
}

/** Two soft blobs on a ramp with noise: uint8 `[b, h, w, c]`. */
export function goldenImage(seed: string, b: number, h: number, w: number, c: number): Uint8Array {
  const image = new Uint8Array(b * h * w * c);
  const blob = (q: number): number => floorDiv(Math.max(0, 1536 - q) * 110, 1536);
  let at = 0;
  for (let n = 0; n < b; n++) {
    const q = ellipses(seed, n, h, w);
    const noise = Array.from({ length: c }, (_, k) => fnv1a(`${seed}:noise:${n}:${k}`));
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const v = 40 + floorDiv(x * 60, w) + floorDiv(y * 40, h) + blob(q(0, x, y)) + blob(q(1, x, y));
        for (let k = 0; k < c; k++) {
          const grain = mix(noise[k]!, y * w + x) >>> 27;
          image[at++] = Math.min(255, Math.max(0, v + grain - 16 + 8 * k));
        }
      }
    }
  }
  return image;
}

/** The blobs themselves: uint8 `[b, h, w, 1]`, 0 or 255. */
export function goldenMask(seed: string, b: number, h: number, w: number): Uint8Array {
  const mask = new Uint8Array(b * h * w);
  for (let n = 0; n < b; n++) {
    const q = ellipses(seed, n, h, w);
    for (let i = 0; i < h * w; i++) {
      const [x, y] = [i % w, floorDiv(i, w)];
      mask[n * h * w + i] = q(0, x, y) <= 1024 || q(1, x, y) <= 1024 ? 255 : 0;
    }
  }
  return mask;
}

/** Mask pixels with a 4-neighbour inside the image that is not mask: uint8 `[b, h, w, 1]`, 0 or 255. */
export function goldenEdge(seed: string, b: number, h: number, w: number): Uint8Array {
  const mask = goldenMask(seed, b, h, w);
  return mask.map((value, i) => {
    const x = i % w;
    const y = floorDiv(i, w) % h;
    const border =
      (x > 0 && mask[i - 1] === 0) ||
      (x < w - 1 && mask[i + 1] === 0) ||
      (y > 0 && mask[i - w] === 0) ||
      (y < h - 1 && mask[i + w] === 0);
    return value === 255 && border ? 255 : 0;
  });
}

const MEAN = [0.485, 0.456, 0.406].map(Math.fround);
const STD = [0.229, 0.224, 0.225].map(Math.fround);

/**
 * Network input from `goldenImage`, ImageNet-normalised in float32 steps; channels beyond the third repeat the triple.
 * Layout `[b, h, w, c]`, the same as the image's.
 */
export function goldenInput(image: Uint8Array, c: number): Float32Array {
  return Float32Array.from(image, (u8, i) => {
    const k = (i % c) % 3;
    return Math.fround(Math.fround(u8 / 255) - MEAN[k]!) / STD[k]!;
  });
}

/** Mask or edge as the losses take it: float32 in [0, 1]. */
export const goldenTarget = (mask: Uint8Array): Float32Array => Float32Array.from(mask, (u8) => u8 / 255);
