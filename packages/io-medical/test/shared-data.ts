import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path below the folder of shared data that lies beside a checkout and is no part of it. */
export function sharedPath(path: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${path}`, import.meta.url));
}

/** Whether the shared data is there. Tests on it skip without it, and say so in their names. */
export const hasSharedData: boolean = existsSync(sharedPath('README.md'));

/** Completes a test's name with the reason for skipping it, if it will be. */
export function onSharedData(name: string): string {
  return hasSharedData ? name : `${name} [skipped: ../shared/data is not here]`;
}
