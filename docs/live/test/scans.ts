import { mkdtemp, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPhantom, encodeVolume, readImage, type Volume } from '@infnet/io-medical';
import { zipSync } from 'fflate';
import { ctSeries } from '../../../packages/io-medical/test/dicom/ct-series.js';
import type { DroppedFile } from './live-page.js';

/** A chest small enough to be segmented in seconds. */
export const { volume: CHEST }: { readonly volume: Volume } = createPhantom({ seed: 7, dims: [96, 96, 10] });

/** It as NIfTI. */
export async function niftiFile(name = 'chest.nii.gz'): Promise<DroppedFile> {
  return { name, bytes: await encodeVolume('nii.gz', CHEST) };
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

/** The mask that the command line tool makes of a file, with the demo model. */
export async function maskOfCli({ name, bytes }: DroppedFile): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'infnet-live-'));
  await writeFile(join(folder, name), bytes);
  const output = join(folder, 'out');
  await infnet(['segment', join(folder, name), '-o', output, '--backend', 'wasm', '--quiet']);
  const mask = name.replace(/\.(nii\.gz|zip)$/, '');
  return maskOf(join(output, 'masks', `${mask}.nii.gz`));
}

/** The labels of a mask file. */
export async function maskOf(file: string | Uint8Array): Promise<Uint8Array> {
  return Uint8Array.from((await readImage(file)).voxels);
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
