/** A slice as the page shows it, all planes of `width * height` values. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Windowed grey values. */
  readonly grey: Uint8Array;
  /** Probability of infection, 0..255. */
  readonly probability: Uint8Array;
  /** Class of infection, 0 for none; where classes were told apart. */
  readonly labels?: Uint8Array;
}

/**
 * A slice for the page, as text: its planes as differences from their neighbours, deflated, in base64.
 *
 * Two planes of one PNG would have to be read back through a canvas, which privacy settings of browsers falsify; this is
 * decoded without a canvas (`browser/decode-picture`).
 */
export async function encodePicture({ width, height, ...picture }: Picture): Promise<string> {
  const { grey, probability, labels } = picture;
  const planes = labels === undefined ? [grey, probability] : [grey, probability, labels];
  const bytes = new Uint8Array(planes.length * width * height);
  for (const [i, plane] of planes.entries()) {
    bytes.set(differences(plane, width, height), i * width * height);
  }
  return toBase64(await deflateRaw(bytes));
}

/** Differences hold runs but hardly any other repeats: zlib, where it is, need look for those only, which is seventy times as fast. */
async function deflateRaw(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const zlib = process?.getBuiltinModule?.('node:zlib');
  if (zlib !== undefined) return zlib.deflateRawSync(bytes, { strategy: zlib.constants.Z_RLE });
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  // A call takes some ten thousand arguments, not any number.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Each value minus its prediction `left + above - above left`, modulo 256; outside the plane everything is 0. */
function differences(plane: Uint8Array, width: number, height: number): Uint8Array {
  const result = new Uint8Array(plane.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const left = x > 0 ? plane[i - 1]! : 0;
      const above = y > 0 ? plane[i - width]! : 0;
      const corner = x > 0 && y > 0 ? plane[i - width - 1]! : 0;
      result[i] = plane[i]! - (left + above - corner);
    }
  }
  return result;
}
