/** Backends by the names that users give them. */
export type BackendName = 'cuda' | 'node' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/**
 * Where the `.wasm` files of `@tensorflow/tfjs-backend-wasm` are served: the URL of their folder, ending in `/`, or where a
 * bundler renames them the URL of each of the three by its own name.
 */
export type WasmPaths = string | Readonly<Record<string, string>>;

/** Where a backend finds what it needs. */
export interface BackendOptions {
  /** Needed in a browser whose page does not serve them beside its script; Node finds them by itself. */
  readonly wasmPaths?: WasmPaths;
}

/** How a backend is to be loaded. */
export interface LoadRequest extends BackendOptions {
  /** The user named this backend: a GPU that is imitated in software will do. */
  readonly acceptSoftware: boolean;
}

/** What {@link selectBackend} knows of one backend. */
export interface Backend {
  readonly name: BackendName;
  /** The name under which its package registers with TensorFlow.js. */
  readonly engineName: string;
  /** Imports its package and registers it; rejects, best with a BackendError, when this place cannot run it. */
  load(request: LoadRequest): Promise<void>;
  /** What it computes on, for people. Called once it runs. */
  device(): Promise<string>;
  /** Gives back what it holds beyond tensors. Called when it runs no more. */
  close?(): void;
}
