import { createRequire } from 'node:module';
import { VERSION } from './version.js';

/** Packages whose versions a report names. */
const PACKAGES = [
  '@infnet/core-model',
  '@infnet/io-medical',
  '@infnet/metrics',
  '@infnet/semi-supervised',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
] as const;

/** Versions of this tool, of the packages it stands on, and of Node; `not found` where one is missing. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    try {
      return (require(`${name}/package.json`) as { version: string }).version;
    } catch {
      return 'not found';
    }
  };
  const found = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
  return { '@infnet/cli': VERSION, ...found, node: process.versions.node };
}
