/** The part of @cornerstonejs/codec-libjpeg-turbo-8bit (libjpeg-turbo in WebAssembly) that is used here. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }

  interface JPEGDecoder {
    /** Reserves room for the compressed file; write it there, then call `decode`. */
    getEncodedBuffer(size: number): Uint8Array;
    /** Throws a number (an Emscripten exception) for anything wrong with the file. */
    decode(): void;
    /** View into the WebAssembly heap, valid until the next call. */
    getDecodedBuffer(): Uint8ClampedArray;
    getFrameInfo(): FrameInfo;
    delete(): void;
  }

  interface LibJpegTurbo {
    readonly JPEGDecoder: new () => JPEGDecoder;
  }

  interface ModuleOptions {
    print?: (text: string) => void;
    printErr?: (text: string) => void;
    locateFile?: (file: string, folder: string) => string;
  }

  export default function load(options?: ModuleOptions): Promise<LibJpegTurbo>;
}
