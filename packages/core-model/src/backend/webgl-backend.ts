import { env } from '@tensorflow/tfjs-core';
import { BackendError } from '../errors.js';
import type { Backend } from './backend.js';
import { isSoftwareAdapter, softwareAdapter } from './software-adapter.js';

const NAME = 'webgl';

/** What is used of a WebGL 2 context; a library without the DOM's types knows none. */
interface Context {
  readonly RENDERER: number;
  getExtension(name: string): { readonly UNMASKED_RENDERER_WEBGL?: number; loseContext?(): void } | null;
  getParameter(name: number): unknown;
}

/** What is used of the places where a canvas comes from. */
interface Canvases {
  readonly OffscreenCanvas?: new (width: number, height: number) => { getContext(kind: string): unknown };
  readonly document?: { createElement(kind: 'canvas'): { getContext(kind: string): unknown } };
}

/** The GPU through WebGL 2: browsers without WebGPU. Slower than WebGPU, as it computes by drawing. */
export const webglBackend: Backend = {
  name: NAME,
  engineName: NAME,
  async load({ acceptSoftware }) {
    const renderer = rendererName();
    if (isSoftwareAdapter(renderer) && !acceptSoftware) throw softwareAdapter(NAME, renderer);
    await import('@tensorflow/tfjs-backend-webgl');
    if (!env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
      throw new BackendError(
        'backend-unavailable',
        'backend "webgl": this GPU computes with half precision only',
        'That is too coarse for Inf-Net. Use "auto".',
      );
    }
  },
  device() {
    const renderer = rendererName();
    return Promise.resolve(isSoftwareAdapter(renderer) ? `software: ${renderer}` : renderer);
  },
};

/** The GPU's name, from a context that is thrown away. */
function rendererName(): string {
  const { OffscreenCanvas, document } = globalThis as Canvases;
  if (OffscreenCanvas === undefined && document === undefined) {
    throw new BackendError(
      'backend-not-supported',
      'backend "webgl" needs a browser',
      'In Node use "webgpu", "wasm", or "auto".',
    );
  }
  const canvas = document?.createElement('canvas') ?? new OffscreenCanvas!(1, 1);
  const context = canvas.getContext('webgl2') as Context | null;
  if (context === null) {
    throw new BackendError(
      'no-adapter',
      'backend "webgl": this browser gives no WebGL 2 context',
      'Check that hardware acceleration is on, or use "auto".',
    );
  }
  const named = context.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL;
  const name = String(context.getParameter(named ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext?.();
  return name;
}
