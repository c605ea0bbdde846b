import charls from '@cornerstonejs/codec-charls/decodewasm?url';
import jpeg from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/decodewasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasm?url';

const absolute = (url: string): string => new URL(url, document.baseURI).href;

/** Where the decoders of compressed DICOM find their files: for a worker, which lies in another folder than the page. */
export const wasmUrls: Readonly<Record<string, string>> = {
  'charlswasm_decode.wasm': absolute(charls),
  'openjpegwasm_decode.wasm': absolute(openjpeg),
  'openjphjs.wasm': absolute(openjph),
};

/** The same for JPEG. */
export const jpegWasmUrl: string = absolute(jpeg);
