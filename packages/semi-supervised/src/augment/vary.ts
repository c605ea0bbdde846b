import { Random } from '../random.js';
import type { Variation } from './draw.js';

/** Image and mask of one slice, row-major. */
export interface VariedSlice {
  /** 0 … 255 */
  readonly image: Float32Array;
  /** 0 … 1 */
  readonly mask: Float32Array;
}

/**
 * Applies a variation to a slice: the grey values by a look-up table, then one affine resample (bilinear) that image
 * and mask share, so that they stay aligned, then noise. What comes from outside the picture is 0: air, and not infected.
 *
 * @param image bytes, row-major, `size` × `size`
 * @param mask bytes, row-major, `size` × `size`
 */
export function varySlice(
  image: Uint8Array,
  mask: Uint8Array,
  size: number,
  variation: Variation,
): VariedSlice {
  const grey = greyTable(image, variation);
  const varied: VariedSlice = { image: new Float32Array(size * size), mask: new Float32Array(size * size) };
  const { rotation, scale, shiftX, shiftY, flip } = variation;
  if (rotation === 0 && scale === 1 && shiftX === 0 && shiftY === 0) {
    copy(image, mask, size, grey, flip, varied);
  } else {
    resample(image, mask, size, grey, variation, varied);
  }
  if (variation.noise > 0) addNoise(varied.image, variation);
  return varied;
}

/** Gaussian noise (Box and Muller, 1958), cut at black and white. */
function addNoise(image: Float32Array, { noise, noiseSeed }: Variation): void {
  const random = Random.of('noise', noiseSeed);
  for (let i = 0; i < image.length; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const normal = radius * Math.cos(2 * Math.PI * random.uniform());
    image[i] = Math.min(Math.max((image[i] as number) + 255 * noise * normal, 0), 255);
  }
}

/** Grey value → grey value, both 0 … 255, by contrast (about the slice's mean), brightness and gamma, in this order. */
function greyTable(image: Uint8Array, { contrast, brightness, gamma }: Variation): Float32Array {
  if (contrast === 1 && brightness === 0 && gamma === 1) {
    return Float32Array.from({ length: 256 }, (_, value) => value);
  }
  let sum = 0;
  for (const value of image) sum += value;
  const mean = sum / (255 * image.length);
  return Float32Array.from({ length: 256 }, (_, value) => {
    const shown = (value / 255 - mean) * contrast + mean + brightness;
    return 255 * Math.min(Math.max(shown, 0), 1) ** gamma;
  });
}

function copy(
  image: Uint8Array,
  mask: Uint8Array,
  size: number,
  grey: Float32Array,
  flip: boolean,
  varied: VariedSlice,
): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = y * size + (flip ? size - 1 - x : x);
      varied.image[y * size + x] = grey[image[from] as number] as number;
      varied.mask[y * size + x] = (mask[from] as number) / 255;
    }
  }
}

/** For every output pixel, the point it comes from: the inverse of "flip, rotate, scale, shift" about the centre. */
function resample(
  image: Uint8Array,
  mask: Uint8Array,
  size: number,
  grey: Float32Array,
  { flip, rotation, scale, shiftX, shiftY }: Variation,
  varied: VariedSlice,
): void {
  const centre = (size - 1) / 2;
  const cos = Math.cos(rotation) / scale;
  const sin = Math.sin(rotation) / scale;
  const mirror = flip ? -1 : 1;
  for (let y = 0; y < size; y++) {
    const v = y - centre - shiftY * size;
    for (let x = 0; x < size; x++) {
      const u = x - centre - shiftX * size;
      const sourceX = mirror * (cos * u - sin * v) + centre;
      const sourceY = sin * u + cos * v + centre;
      const x0 = Math.floor(sourceX);
      const y0 = Math.floor(sourceY);
      if (x0 < -1 || y0 < -1 || x0 >= size || y0 >= size) continue;
      const fx = sourceX - x0;
      const fy = sourceY - y0;
      let shade = 0;
      let label = 0;
      for (let corner = 0; corner < 4; corner++) {
        const right = corner & 1;
        const down = corner >> 1;
        const px = x0 + right;
        const py = y0 + down;
        if (px < 0 || py < 0 || px >= size || py >= size) continue;
        const weight = (right ? fx : 1 - fx) * (down ? fy : 1 - fy);
        const from = py * size + px;
        shade += weight * (grey[image[from] as number] as number);
        label += weight * (mask[from] as number);
      }
      varied.image[y * size + x] = shade;
      varied.mask[y * size + x] = label / 255;
    }
  }
}
