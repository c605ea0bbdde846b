import { readFileSync } from 'node:fs';
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

/** Packages that a user may add; named where they are. */
const OPTIONAL = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu', 'webgpu'] as const;

/** Versions of this tool, of the packages it stands on, and of Node; `not found` where one is missing. */
export function versions(): Record<string, string> {
  const { resolve } = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    try {
      const manifest = readFileSync(resolve(`${name}/package.json`), 'utf8');
      return (JSON.parse(manifest) as { version: string }).version;
    } catch {
      return 'not found';
    }
  };
  const found = Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
  const added = OPTIONAL.map((name) => [name, versionOf(name)] as const).filter(
    ([, version]) => version !== 'not found',
  );
  return { '@infnet/cli': VERSION, ...found, ...Object.fromEntries(added), node: process.versions.node };
}
