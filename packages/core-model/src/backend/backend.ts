/** Backends by the names that users give them. */
export type BackendName = 'cuda' | 'node' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/** Where a backend finds what it needs. */
export interface BackendOptions {
  /**
   * Folder URL, ending in `/`, of the `.wasm` files of `@tensorflow/tfjs-backend-wasm`. Needed in a browser whose page does
   * not serve them beside its script; Node finds them by itself.
   */
  readonly wasmPaths?: string;
}

/** What {@link selectBackend} knows of one backend. */
export interface Backend {
  readonly name: BackendName;
  /** The name under which its package registers with TensorFlow.js. */
  readonly engineName: string;
  /** Imports its package; rejects when this place cannot run it. */
  load(options: BackendOptions): Promise<void>;
  /** What it computes on, for reports. Called once it runs. */
  device(): Promise<string>;
}
