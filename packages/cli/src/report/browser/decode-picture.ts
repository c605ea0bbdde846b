/// <reference lib="dom" />

/** A decoded slice: planes of `width * height` bytes. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  /** Probability of infection, 0..255. */
  readonly probability: Uint8Array;
  /** Class of infection, 0 for none; empty where classes were not told apart. */
  readonly labels: Uint8Array;
}

/** The inverse of `encodePicture`. */
export async function decodePicture(text: string, width: number, height: number): Promise<DecodedPicture> {
  const packed = Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const pixels = width * height;
  return {
    width,
    height,
    grey: undoDifferences(planes.subarray(0, pixels), width, height),
    probability: undoDifferences(planes.subarray(pixels, 2 * pixels), width, height),
    labels: undoDifferences(planes.subarray(2 * pixels), width, height),
  };
}

function undoDifferences(plane: Uint8Array, width: number, height: number): Uint8Array {
  if (plane.length === 0) return plane;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const left = x > 0 ? plane[i - 1]! : 0;
      const above = y > 0 ? plane[i - width]! : 0;
      const corner = x > 0 && y > 0 ? plane[i - width - 1]! : 0;
      plane[i] = plane[i]! + left + above - corner;
    }
  }
  return plane;
}
