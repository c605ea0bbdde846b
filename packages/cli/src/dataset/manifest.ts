import type { DatasetOptions } from '../commands/dataset.js';
import type { InputFailure } from '../inputs/find-inputs.js';
import type { ResultFolder } from '../outputs/result-folder.js';
import { versions } from '../versions.js';
import type { DatasetCase, DatasetFolder } from './case-record.js';

const FOLDERS: readonly DatasetFolder[] = ['train', 'val', 'test', 'unlabelled'];

/** Writes `manifest.json`: what was made of what, how, and with which bytes. */
export async function writeManifest(
  folder: ResultFolder,
  {
    cases,
    failures,
    options,
    interrupted,
  }: {
    readonly cases: readonly DatasetCase[];
    readonly failures: readonly InputFailure[];
    readonly options: DatasetOptions;
    readonly interrupted: boolean;
  },
): Promise<void> {
  const { window = 'lung', margin, leastLung, every, labels, edges, val, test, seed } = options;
  const { anonymous = false, allowUneven = false } = options;
  const parts = FOLDERS.map((part) => {
    const own = cases.filter(({ key }) => key.folder === part);
    const slices = own.flatMap((entry) => entry.slices);
    return [
      part,
      {
        volumes: own.length,
        slices: slices.length,
        ...(part !== 'unlabelled' && {
          slicesWithInfection: slices.filter(({ infectedPixels = 0 }) => infectedPixels > 0).length,
        }),
      },
    ] as const;
  });
  const manifest = {
    format: 'infnet-dataset-1',
    created: new Date().toISOString(),
    versions: versions(),
    options: {
      window,
      marginMm: margin,
      leastLung,
      every,
      masks: labels === true ? 'labels' : '0 and 255',
      edges: edges === true,
      validation: val,
      test,
      seed,
      anonymous,
      allowUneven,
    },
    parts: Object.fromEntries(parts),
    interrupted,
    cases: cases.map(({ key, ...entry }) => ({ ...entry, ...key, format: undefined })),
    failures,
  };
  await folder.write('manifest.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
}
