import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readWeights, writePytorchCheckpoint, writeSafetensors } from '@infnet/core-model';
import {
  createPhantom,
  encodeNifti,
  encodePng,
  encodeVolume,
  readImage,
  toSlices,
  type Volume,
} from '@infnet/io-medical';
import { zipSync } from 'fflate';
import { ctSeries } from '../../../packages/io-medical/test/dicom/ct-series.js';
import type { DroppedFile } from './live-page.js';

/** A chest small enough to be segmented in seconds. */
const PHANTOM = createPhantom({ seed: 7, dims: [96, 96, 10] });
export const CHEST: Volume = PHANTOM.volume;

/** It as NIfTI. */
export async function niftiFile(name = 'chest.nii.gz'): Promise<DroppedFile> {
  return { name, bytes: await encodeVolume('nii.gz', CHEST) };
}

const chest = (slices: number): Uint8Array => {
  const { volume } = createPhantom({ seed: 7, dims: [64, 64, slices] });
  return encodeNifti(volume.voxels, volume);
};

const SMALL = chest(3);
const LONG = chest(40);

/** Three slices, for what takes long or is done often. */
export function smallFile(): DroppedFile {
  return { name: 'small.nii', bytes: SMALL };
}

/** Forty slices, for what happens meanwhile. */
export function longFile(): DroppedFile {
  return { name: 'long.nii', bytes: LONG };
}

/** It as the files of a DICOM series. */
export function dicomFiles(): DroppedFile[] {
  return ctSeries(CHEST).map((bytes, i) => ({ name: `slice-${i}.dcm`, bytes }));
}

/** It as a zip of DICOM files, in a folder as scanners burn them. */
export function dicomZip(): DroppedFile {
  const files = dicomFiles().map(({ name, bytes }) => [`DICOM/${name}`, bytes] as const);
  return { name: 'study.zip', bytes: zipSync(Object.fromEntries(files), { level: 1 }) };
}

const CLI = fileURLToPath(new URL('../../../packages/cli/bin/infnet.js', import.meta.url));

async function infnet(args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [CLI, ...args]);
}

const DEMO = fileURLToPath(new URL('../../../packages/cli/models/phantom-demo.safetensors', import.meta.url));

/** The demo model as somebody's own that looks at slices of 96 x 96: a seventh of the work. */
export async function quickModel(): Promise<DroppedFile> {
  const { dict, metadata } = readWeights(await readFile(DEMO));
  const bytes = writeSafetensors(dict, { metadata: { ...metadata, 'infnet.size': '96' } });
  return { name: 'quick.safetensors', bytes };
}

/** The demo model as PyTorch writes it: a zip with a pickle. */
export async function pytorchModel(): Promise<DroppedFile> {
  const { dict } = readWeights(await readFile(DEMO));
  return { name: 'mine.pth', bytes: writePytorchCheckpoint(dict) };
}

/** The most infected slice of the chest as a picture. */
export function pictureFile(): DroppedFile {
  const slices = [...toSlices(CHEST)];
  const infected = slices.map((_, z) =>
    PHANTOM.infection.subarray(z * 96 * 96, (z + 1) * 96 * 96).reduce((sum, value) => sum + value, 0),
  );
  return { name: 'slice.png', bytes: encodePng(slices[infected.indexOf(Math.max(...infected))]!) };
}

/** The mask that the command line tool makes of a file, with the demo model or another. */
export async function maskOfCli({ name, bytes }: DroppedFile, model?: DroppedFile): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'infnet-live-'));
  await writeFile(join(folder, name), bytes);
  const output = join(folder, 'out');
  const own = model === undefined ? [] : ['--model', join(folder, model.name)];
  if (model) await writeFile(join(folder, model.name), model.bytes);
  await infnet(['segment', join(folder, name), '-o', output, '--backend', 'wasm', '--quiet', ...own]);
  const mask = name.replace(/\.(nii\.gz|nii|zip)$/, '.nii.gz');
  return maskOf(join(output, 'masks', mask));
}

/** 0 and 1 per voxel of a mask file. */
export async function maskOf(file: string | Uint8Array): Promise<Uint8Array> {
  return Uint8Array.from((await readImage(file)).voxels, (value) => (value > 0 ? 1 : 0));
}

/** Twice the common voxels over the sum of both. */
export function dice(a: Uint8Array, b: Uint8Array): number {
  let [common, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    common += a[i]! & b[i]!;
    sum += a[i]! + b[i]!;
  }
  return (2 * common) / sum;
}
