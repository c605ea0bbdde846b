import { damagedPickle } from './pickle-error.js';
import type { PickleValue } from './pickle-values.js';
import type { Storages } from './tensors.js';
import { unpickle } from './unpickle.js';
import { ZipArchive } from './zip-archive.js';

/** File of an archive that holds this project's own texts: a JSON table, which PyTorch passes over. */
export const METADATA_FILE = 'infnet-metadata.json';

/** Everything in an archive that `torch.save` wrote. */
export interface ZipFile {
  readonly root: PickleValue;
  readonly storages: Storages;
  readonly metadata: Record<string, string>;
}

/**
 * Takes a zip file of `torch.save` apart: one folder with `data.pkl`, `data/KEY` for each storage, and `byteorder` in
 * files of PyTorch 2.
 *
 * @throws {WeightsError} as `ZipArchive` and `unpickle`; `damaged-pickle` where there is no `data.pkl`
 */
export function readZipFile(bytes: Uint8Array): ZipFile {
  const archive = new ZipArchive(bytes);
  const main = archive.names.find((name) => name === 'data.pkl' || /^[^/]+\/data\.pkl$/.test(name));
  if (main === undefined) {
    throw damagedPickle(
      archive.names.some((name) => name.endsWith('constants.pkl'))
        ? 'it is a TorchScript program'
        : 'the archive holds no data.pkl',
    );
  }
  const folder = main.slice(0, -'data.pkl'.length);
  if (archive.names.includes(`${folder}constants.pkl`)) throw damagedPickle('it is a TorchScript program');
  const order = archive.file(`${folder}byteorder`);
  return {
    root: unpickle(archive.file(main)!).value,
    storages: {
      bytes: (key) => archive.file(`${folder}data/${key}`),
      littleEndian: order === undefined || new TextDecoder().decode(order).trim() !== 'big',
    },
    metadata: ownMetadata(archive.file(`${folder}${METADATA_FILE}`)),
  };
}

function ownMetadata(content: Uint8Array | undefined): Record<string, string> {
  if (content === undefined) return {};
  try {
    const table = JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    throw damagedPickle(`${METADATA_FILE} is no JSON table`);
  }
}
