import { storedValues, type WriteOptions } from '../stored-values.js';
import { checkStateTensor, elementCount, type StateDict, type StateTensor } from '../state-dict.js';
import { PickleWriter } from './pickle-writer.js';
import { writeZip, type ZipMember } from './write-zip.js';
import { METADATA_FILE } from './zip-file.js';

const STORAGES: Readonly<Record<StateTensor['dtype'], string>> = {
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  int64: 'LongStorage',
};
const FOLDER = 'archive';

/**
 * Writes a state dict as a PyTorch checkpoint, zip format: `torch.load(path, weights_only=True)` gives an `OrderedDict`
 * of tensors on the CPU, ready for `load_state_dict`. The metadata lies in a file of its own in the archive, which
 * PyTorch passes over and {@link readPytorchCheckpointFile} reads. Equal input gives equal bytes.
 *
 * @throws {WeightsError} `invalid-tensor` when values and shape disagree, or when a finite value is too large for
 *   float16; `oversized` above 4 GiB
 */
export function writePytorchCheckpoint(
  dict: StateDict,
  { dtype, metadata = {} }: WriteOptions = {},
): Uint8Array<ArrayBuffer> {
  const pickle = new PickleWriter();
  const members: ZipMember[] = [];
  pickle.global('collections', 'OrderedDict').mark().tuple().call().mark();
  for (const [name, tensor] of dict) {
    checkStateTensor(name, tensor);
    const stored = storedValues(name, tensor, dtype);
    const key = `${members.length}`;
    addTensor(pickle.text(name), key, stored.dtype, tensor.shape);
    members.push({ name: `${FOLDER}/data/${key}`, content: stored.bytes });
  }
  pickle.setItems();
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return writeZip([
    { name: `${FOLDER}/data.pkl`, content: pickle.finish() },
    { name: `${FOLDER}/byteorder`, content: text('little') },
    ...(Object.keys(metadata).length > 0
      ? [{ name: `${FOLDER}/${METADATA_FILE}`, content: text(JSON.stringify(metadata)) }]
      : []),
    ...members,
    { name: `${FOLDER}/version`, content: text('3\n') },
  ]);
}

/** `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())` */
function addTensor(
  pickle: PickleWriter,
  key: string,
  dtype: StateTensor['dtype'],
  shape: readonly number[],
): void {
  pickle.global('torch._utils', '_rebuild_tensor_v2').mark();
  pickle.mark().text('storage').global('torch', STORAGES[dtype]).text(key).text('cpu');
  pickle.integer(elementCount(shape)).tuple().persistentId();
  pickle.integer(0).integers(shape).integers(rowMajorStrides(shape)).false();
  pickle.global('collections', 'OrderedDict').mark().tuple().call();
  pickle.tuple().call();
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => Math.max(1, elementCount(shape.slice(axis + 1))));
}
