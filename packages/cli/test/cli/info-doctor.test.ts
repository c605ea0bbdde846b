import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { slicePng, writePhantom, writeTinyModel } from '../fixtures.js';
import { infnet, temporaryFolder } from '../infnet.js';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
  return () => rm(root, { recursive: true, force: true });
});

describe('info', () => {
  it('without a file: versions, as text and as JSON', async () => {
    expect((await infnet(['info'])).stdout).toMatch(/@infnet\/cli +0\.1\.0/);
    const { stdout } = await infnet(['info', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ '@infnet/cli': '0.1.0', node: process.versions.node });
  });

  it('of a volume: size, spacing, affine, unit and range', async () => {
    const file = join(root, 'scan.nii.gz');
    await writePhantom(file);
    const { stdout } = await infnet(['info', file, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'nifti',
      dims: [48, 40, 6],
      unit: 'HU',
      type: 'int16',
      spacingMm: [7.5, 9, Math.fround(320 / 6)],
    });
  });

  it('of a picture: no spacing, which it does not have', async () => {
    const file = join(root, 'slice.png');
    await writeFile(file, slicePng());
    const description = JSON.parse((await infnet(['info', file, '--json'])).stdout) as object;
    expect(description).toMatchObject({ format: 'png', dims: [56, 48, 1], unit: 'grey' });
    expect(description).not.toHaveProperty('spacingMm');
  });

  it('of a model: parameters, hash and options', async () => {
    const file = await writeTinyModel(join(root, 'tiny.safetensors'));
    const { stdout } = await infnet(['info', file, '--json']);
    const described = JSON.parse(stdout) as { parameters: number; metadata: Record<string, string> };
    expect(described).toMatchObject({
      format: 'safetensors',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(described.parameters).toBeGreaterThan(10_000);
    expect(JSON.parse(described.metadata['infnet.architecture']!)).toMatchObject({
      channels: 8,
      width: 0.125,
    });
  });

  it("of a model or of a network's name: architecture, parameters, multiply-adds", async () => {
    const file = await writeTinyModel(join(root, 'tiny-cost.safetensors'));
    const ofFile = JSON.parse((await infnet(['info', file, '--json'])).stdout) as object;
    expect(ofFile).toMatchObject({ network: 'inf-net', options: { width: 0.125 }, size: [64, 64] });
    const ofName = JSON.parse((await infnet(['info', 'inf-net', '--json'])).stdout) as object;
    expect(ofName).toMatchObject({ parameters: 33_121_721, size: [352, 352], multiplyAdds: 13_843_298_304 });
    const { stdout } = await infnet(['info', 'unet++', '--size', '64']);
    expect(stdout).toMatch(/parameters +9163329/);
    const { code, stderr } = await infnet(['info', 'inf-net', '--size', '50']);
    expect(code).toBe(2);
    expect(stderr).toContain('multiple of 32');
  });

  it('of a volume: what looks wrong, and no word of the patient unless asked for', async () => {
    const file = join(root, 'scan.nii.gz');
    await writePhantom(file);
    const described = JSON.parse((await infnet(['info', file, '--json'])).stdout) as { checks: string[] };
    expect(described.checks.join()).toContain('spacing-odd');
    expect(described).not.toHaveProperty('patient');
    const { stdout } = await infnet(['info', file, '--json', '--show-patient']);
    expect(JSON.parse(stdout)).toHaveProperty('patient');
  });

  it('of an empty folder or of nothing: exit code 2 with a hint', async () => {
    await mkdir(join(root, 'folder'));
    for (const file of [join(root, 'folder'), join(root, 'nothing')]) {
      const { code, stderr } = await infnet(['info', file]);
      expect(code).toBe(2);
      expect(stderr).toContain(file);
      expect(stderr).toContain('hint');
    }
  });
});

describe('doctor', () => {
  it('prints one block with versions, machine and every backend', async () => {
    const { code, stdout } = await infnet(['doctor']);
    expect(code).toBe(0);
    for (const word of [
      'infnet doctor',
      process.version,
      'backend wasm',
      'works',
      'backend cuda',
      'memory',
      '@tensorflow/tfjs-core',
    ]) {
      expect(stdout).toContain(word);
    }
    expect(stdout).not.toMatch(/Hi, looks like/);
  });
});
