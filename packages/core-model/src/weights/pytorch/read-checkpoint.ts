import { WeightsError } from '../../errors.js';
import { elementCount, type StateDict } from '../state-dict.js';
import { findStateDict } from './find-state-dict.js';
import { isLegacyFile, readLegacyFile } from './legacy-file.js';
import type { PickleValue, TensorRef } from './pickle-values.js';
import { readTensor } from './tensors.js';
import { ZipArchive } from './zip-archive.js';
import { readZipFile } from './zip-file.js';

/** Tensors may share storages, as tied weights do; together they are not larger than so many values for each byte of the file. */
const MOST_VALUES_PER_BYTE = 8;
const LONGEST_TEXT = 1000;

/** Weights of a PyTorch checkpoint, and what else it says. */
export interface PytorchCheckpoint {
  /** `zip`: PyTorch 1.6 and later. `legacy`: earlier, as the authors' files of 2020. */
  readonly format: 'zip' | 'legacy';
  /** Under the names that stand in the file. */
  readonly dict: StateDict;
  /** Keys that lead to the state dict in the file; empty where the file is the state dict. */
  readonly path: readonly string[];
  /** Texts and numbers beside the state dict, such as `epoch`, and the texts that this project writes. */
  readonly metadata: Record<string, string>;
}

/** Whether these bytes begin as a PyTorch checkpoint of either format. */
export function isPytorchCheckpoint(bytes: Uint8Array): boolean {
  return ZipArchive.is(bytes) || isLegacyFile(bytes);
}

/**
 * Reads the weights of a PyTorch checkpoint (`.pth`, `.pt`), zip or legacy format, without Python and without running
 * anything that the file names: an unpickler of our own builds tensors, tables, texts and numbers, and refuses the rest.
 *
 * Takes strided and shared tensors of float32, float64 (rounded to float32), float16, bfloat16 (exact, as float32) and
 * whole numbers (as int64). A state dict may be the whole file or lie under a usual key (`state_dict`, `model`, ...).
 * Sizes are held against the bytes that are there before anything is allocated.
 *
 * @param bytes the whole file; the tensors are copies and do not keep it alive
 * @throws {WeightsError} `forbidden-global` for a file that names anything but tensors, `damaged-pickle`,
 *   `damaged-archive`, `truncated-file`, `oversized`, `unsupported-dtype`, `no-weights`, `unknown-format`
 */
export function readPytorchCheckpoint(bytes: Uint8Array): StateDict {
  return readPytorchCheckpointFile(bytes).dict;
}

/**
 * As {@link readPytorchCheckpoint}, with the format and what lies beside the weights.
 *
 * @throws {WeightsError} as {@link readPytorchCheckpoint}
 */
export function readPytorchCheckpointFile(bytes: Uint8Array): PytorchCheckpoint {
  const format = formatOf(bytes);
  const { root, storages, metadata } =
    format === 'zip' ? readZipFile(bytes) : { ...readLegacyFile(bytes), metadata: {} };
  const { tensors, path } = findStateDict(root);
  checkSize(tensors, bytes.length);
  const dict: StateDict = new Map();
  for (const [name, ref] of tensors) dict.set(name, readTensor(name, ref, storages));
  return { format, dict, path, metadata: { ...remarks(root, path), ...metadata } };
}

function formatOf(bytes: Uint8Array): 'zip' | 'legacy' {
  if (ZipArchive.is(bytes)) return 'zip';
  if (isLegacyFile(bytes)) return 'legacy';
  throw new WeightsError(
    'unknown-format',
    'these bytes are no PyTorch checkpoint: they begin neither as a zip archive nor as a legacy file',
    'Give a file written by torch.save. Files of PyTorch before 0.1.10 must be saved again.',
  );
}

function checkSize(tensors: ReadonlyMap<string, TensorRef>, fileSize: number): void {
  let values = 0;
  for (const { shape } of tensors.values()) values += elementCount(shape);
  if (values <= MOST_VALUES_PER_BYTE * fileSize) return;
  throw new WeightsError(
    'oversized',
    `PyTorch checkpoint: its tensors claim ${values} values, the file has ${fileSize} bytes`,
    'The file is damaged, or made to exhaust memory. Fetch or write it again.',
  );
}

/** Short texts and numbers beside the state dict. */
function remarks(root: PickleValue, path: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  if (path.length === 0 || !(root instanceof Map)) return found;
  for (const [key, value] of root) {
    const plain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
    if (typeof key === 'string' && plain && String(value).length <= LONGEST_TEXT) found[key] = String(value);
  }
  return found;
}
