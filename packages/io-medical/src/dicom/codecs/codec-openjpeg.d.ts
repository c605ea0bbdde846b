/** The part of @cornerstonejs/codec-openjpeg (OpenJPEG in WebAssembly, for JPEG 2000) that is used here. */
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }

  interface J2KDecoder {
    /** Reserves room for the codestream; write it there, then call `decode`. */
    getEncodedBuffer(size: number): Uint8Array;
    /** Throws a number (an Emscripten exception) for what it finds wrong. */
    decode(): void;
    /** View into the WebAssembly heap, valid until the next call. */
    getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
    getFrameInfo(): FrameInfo;
    delete(): void;
  }

  interface OpenJpeg {
    readonly J2KDecoder: new () => J2KDecoder;
  }

  interface ModuleOptions {
    print?: (text: string) => void;
    printErr?: (text: string) => void;
    locateFile?: (file: string, folder: string) => string;
  }

  export default function load(options?: ModuleOptions): Promise<OpenJpeg>;
}
