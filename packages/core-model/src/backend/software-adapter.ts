import { BackendError } from '../errors.js';

/** Names under which CPU imitations of a GPU appear: SwiftShader, Mesa's llvmpipe and lavapipe, Microsoft's WARP. */
const IMITATIONS = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software/i;

/** Whether a driver's name for its GPU belongs to an imitation on the CPU. */
export function isSoftwareAdapter(description: string): boolean {
  return IMITATIONS.test(description);
}

/** What is thrown where only an imitation is at hand and a user did not ask for it. */
export function softwareAdapter(name: string, description: string): BackendError {
  return new BackendError(
    'software-adapter',
    `backend "${name}" has only a GPU imitated in software here (${description})`,
    `wasm is faster than that. Name "${name}" to use it all the same.`,
  );
}
