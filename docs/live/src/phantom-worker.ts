import { createPhantom, encodeVolume } from '@infnet/io-medical';

/** Which phantom. */
export interface PhantomRequest {
  readonly seed: number;
  readonly dims: readonly [number, number, number];
}

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

scope.addEventListener('message', ({ data }: MessageEvent<PhantomRequest>) => {
  void answer(data);
});

async function answer(request: PhantomRequest): Promise<void> {
  const bytes = await encodeVolume('nii.gz', createPhantom(request).volume);
  scope.postMessage(bytes, [bytes.buffer]);
}

interface DedicatedWorkerGlobalScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<PhantomRequest>) => void): void;
  postMessage(message: Uint8Array, transfer: ArrayBufferLike[]): void;
}
