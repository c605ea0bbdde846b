import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InfNet, selectBackend } from '../../src/index.js';

/** The file of a small network that marks a third of a picture of noise, as `save` writes it, and its hash as `integrity` takes it. */
export async function smallModelFile(): Promise<{ bytes: Uint8Array; integrity: string }> {
  await selectBackend('wasm');
  const folder = await mkdtemp(join(tmpdir(), 'infnet-browser-'));
  try {
    using model = InfNet.create({ width: 0.125, channels: 8, blocks: [1, 1, 1, 1], seed: 9 });
    await model.save(join(folder, 'model.safetensors'));
    const bytes = await readFile(join(folder, 'model.safetensors'));
    return { bytes, integrity: `sha256-${createHash('sha256').update(bytes).digest('base64')}` };
  } finally {
    await rm(folder, { recursive: true });
  }
}
