import { startSlicePool, type StartedSlicePool } from '@infnet/core-model/pool';
import demoUrl from '../../../packages/cli/models/phantom-demo.safetensors?url';

/** A model file, and what a report says of it. */
export interface ModelFile {
  readonly name: string;
  /** Whether it is the one that comes with the page. */
  readonly demo: boolean;
  readonly bytes: Uint8Array;
  /** Absent where the page was not served safely (https, localhost): browsers hash nothing there. */
  readonly sha256?: string;
}

/** The model that comes with the page. */
export async function demoModel(): Promise<ModelFile> {
  const response = await fetch(demoUrl);
  if (!response.ok) throw new Error(`the demo model cannot be loaded: ${response.status}`);
  return describe('phantom-demo.safetensors', true, await response.arrayBuffer());
}

/** A model that a person gave. */
export async function ownModel(file: File): Promise<ModelFile> {
  return describe(file.name, false, await file.arrayBuffer());
}

async function describe(name: string, demo: boolean, buffer: ArrayBuffer): Promise<ModelFile> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto };
  const digest = await subtle?.digest('SHA-256', buffer);
  const sha256 =
    digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, demo, bytes: new Uint8Array(buffer), ...(sha256 !== undefined && { sha256 }) };
}

/** Keeps one pool of workers for as long as model and backend stay the same. */
export class PoolKeeper {
  #kept:
    | { readonly model: ModelFile; readonly backend: string; readonly pool: Promise<StartedSlicePool> }
    | undefined;

  /** The pool for a model on a backend; started where it is not there yet. */
  async get(model: ModelFile, backend: string): Promise<StartedSlicePool> {
    if (this.#kept?.model !== model || this.#kept.backend !== backend) {
      await this.drop();
      const wasmPaths = new URL('./wasm/', document.baseURI).href;
      this.#kept = { model, backend, pool: startSlicePool(model.bytes, { backend, wasmPaths }) };
    }
    try {
      return await this.#kept.pool;
    } catch (error) {
      this.#kept = undefined;
      throw error;
    }
  }

  /** Ends the workers and frees what they hold. */
  async drop(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.pool.then((pool) => pool.dispose()).catch(() => undefined);
  }
}
