/** The part of @cornerstonejs/codec-openjph (OpenJPH in WebAssembly, for HTJ2K) that is used here. */
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  interface FrameInfo {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
  }

  interface HTJ2KDecoder {
    /** Reserves room for the codestream; write it there, then call `decode`. */
    getEncodedBuffer(size: number): Uint8Array;
    /** Throws a number (an Emscripten exception) for what it finds wrong. */
    decode(): void;
    /** View into the WebAssembly heap, valid until the next call. */
    getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
    getFrameInfo(): FrameInfo;
    delete(): void;
  }

  interface OpenJph {
    readonly HTJ2KDecoder: new () => HTJ2KDecoder;
  }

  interface ModuleOptions {
    print?: (text: string) => void;
    printErr?: (text: string) => void;
    locateFile?: (file: string, folder: string) => string;
  }

  export default function load(options?: ModuleOptions): Promise<OpenJph>;
}
