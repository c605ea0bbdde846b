import type { GreyImage } from '@infnet/io-medical';

/** Colour of infection in overlays. */
const COLOUR = [255, 92, 80] as const;
/** Share of the colour inside the contour. */
const TINT = 0.22;

/**
 * A slice with its mask laid over: tinted inside, outlined in full colour.
 *
 * @param mask one byte per pixel; anything but 0 is mask
 * @returns RGB, interleaved
 */
export function overlayRgb({ width, height, data }: GreyImage<Uint8Array>, mask: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const grey = data[i]!;
      const share = mask[i] === 0 ? 0 : isRim(mask, width, height, x, y) ? 1 : TINT;
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round(grey + (COLOUR[c]! - grey) * share);
    }
  }
  return rgb;
}

/** Whether a pixel of the mask has a neighbour outside it. */
function isRim(mask: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  const i = y * width + x;
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return true;
  return mask[i - 1] === 0 || mask[i + 1] === 0 || mask[i - width] === 0 || mask[i + width] === 0;
}
