import type { Colour, GreyImage } from '@infnet/io-medical';

/** The colour of infection, whatever its value in the mask. */
export function infectionColour(): Colour {
  return [255, 92, 80];
}

/** Share of the colour inside the contour. */
const TINT = 0.22;

/**
 * A slice with its mask or label map laid over: tinted inside, outlined in full colour.
 *
 * @param mask one byte per pixel; anything but 0 is mask
 * @param colourOf colour of a value of the mask
 * @returns RGB, interleaved
 */
export function overlayRgb(
  { width, height, data }: GreyImage<Uint8Array>,
  mask: Uint8Array,
  colourOf: (value: number) => Colour = infectionColour,
): Uint8Array {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const grey = data[i]!;
      const share = mask[i] === 0 ? 0 : isRim(mask, width, height, x, y) ? 1 : TINT;
      const colour = share === 0 ? undefined : colourOf(mask[i]!);
      for (let c = 0; c < 3; c++) rgb[3 * i + c] = Math.round(grey + ((colour?.[c] ?? grey) - grey) * share);
    }
  }
  return rgb;
}

/** Whether a pixel of the mask has a neighbour of another value. */
function isRim(mask: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  const i = y * width + x;
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return true;
  return [i - 1, i + 1, i - width, i + width].some((other) => mask[other] !== mask[i]);
}
