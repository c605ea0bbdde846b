import { readImage } from '../../src/index.js';

/** What the page says about a file: the volume, or the error's code. */
export interface PageResult {
  readonly type?: string;
  readonly dims?: readonly number[];
  readonly affine?: readonly number[];
  readonly hash?: string;
  readonly code?: string;
}

/** Of JPEG-LS, JPEG 2000 and HTJ2K. */
const DECODERS = ['charlswasm_decode.wasm', 'openjpegwasm_decode.wasm', 'openjphjs.wasm'];

/** Reads a file that the page can fetch, with what lies beside it. */
async function readFile(url: string, frame?: number): Promise<PageResult> {
  try {
    const { voxels, dims, affine } = await readImage(url, {
      jpegWasmUrl: '/wasm/libjpegturbowasm_decode.wasm',
      wasmUrls: Object.fromEntries(DECODERS.map((file) => [file, `/wasm/${file}`])),
      ...(frame === undefined ? {} : { frame }),
    });
    const bytes = new Uint8Array(voxels.buffer as ArrayBuffer, voxels.byteOffset, voxels.byteLength);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { type: voxels.constructor.name, dims, affine, hash };
  } catch (error) {
    return { code: (error as { code?: string }).code ?? String(error) };
  }
}

Object.assign(globalThis, { readFile });
