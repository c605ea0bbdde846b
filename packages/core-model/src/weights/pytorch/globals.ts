import { WeightsError } from '../../errors.js';
import { damagedPickle } from './pickle-error.js';
import {
  type Global,
  isKind,
  isSize,
  type PickleValue,
  type StorageDtype,
  type TensorRef,
} from './pickle-values.js';

/** Storage classes of module `torch`, by the first half of their names. */
const STORAGES: Readonly<Record<string, StorageDtype | 'untyped' | 'unsupported'>> = {
  Float: 'float32',
  Double: 'float64',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
  Untyped: 'untyped',
  ComplexFloat: 'unsupported',
  ComplexDouble: 'unsupported',
  QInt8: 'unsupported',
  QInt32: 'unsupported',
  QUInt8: 'unsupported',
};

const DTYPES: readonly StorageDtype[] = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
];

/** Objects that checkpoints carry beside weights. They are data, and dropped. */
const IGNORED: readonly string[] = [
  'argparse.Namespace',
  '_codecs.encode',
  'numpy.dtype',
  'numpy.ndarray',
  'numpy.core.multiarray.scalar',
  'numpy.core.multiarray._reconstruct',
  'numpy._core.multiarray.scalar',
  'numpy._core.multiarray._reconstruct',
  'torch.device',
  'torch.serialization._get_layout',
];

const callable = (call: (args: readonly PickleValue[]) => PickleValue): Global => ({
  kind: 'function',
  call,
});
const items = callable(([given]) => (Array.isArray(given) ? given : []));

/** The whole table: what a name in a pickle means here. None of it is Python, and none of it reaches out of this file. */
const GLOBALS: ReadonlyMap<string, Global> = new Map<string, Global>([
  ['collections.OrderedDict', callable(orderedDict)],
  ['collections.defaultdict', callable(() => new Map())],
  ['builtins.dict', callable(() => new Map())],
  ['__builtin__.dict', callable(() => new Map())],
  ['builtins.set', items],
  ['__builtin__.set', items],
  ['torch.Size', items],
  ['torch._utils._rebuild_tensor', callable(rebuildTensor)],
  ['torch._utils._rebuild_tensor_v2', callable(rebuildTensor)],
  ['torch._utils._rebuild_tensor_v3', callable(rebuildTensor3)],
  ['torch._utils._rebuild_parameter', callable(rebuildParameter)],
  ['torch._utils._rebuild_parameter_with_state', callable(rebuildParameter)],
  ...Object.entries(STORAGES).map(([name, dtype]): [string, Global] => [
    `torch.${name}Storage`,
    { kind: 'storage-type', dtype },
  ]),
  ['torch.storage.UntypedStorage', { kind: 'storage-type', dtype: 'untyped' }],
  ...DTYPES.map((dtype): [string, Global] => [`torch.${dtype}`, { kind: 'dtype', dtype }]),
  ...IGNORED.map((name): [string, Global] => [name, callable(() => ({ kind: 'ignored' }))]),
]);

/**
 * What a class or function named in a pickle stands for.
 *
 * @throws {WeightsError} `forbidden-global` for everything that is not in the table: the file wants something run
 */
export function resolveGlobal(module: string, name: string): Global {
  const global = GLOBALS.get(`${module}.${name}`);
  if (global !== undefined) return global;
  throw new WeightsError(
    'forbidden-global',
    `PyTorch checkpoint: it asks for ${readable(module)}.${readable(name)}, which is no part of a tensor; nothing was run`,
    'Save the weights alone, in PyTorch: torch.save(model.state_dict(), path). If you did not make this file, distrust it: loading it in Python would run what it asks for.',
  );
}

/** A name fit for a message, whatever it is. */
function readable(name: string): string {
  const plain = name.replace(/[^\w.$-]/g, '?');
  return plain.length > 60 ? `${plain.slice(0, 60)}...` : plain;
}

/** Python 3 makes it empty and fills it; Python 2 hands over a list of pairs. */
function orderedDict([pairs]: readonly PickleValue[]): PickleValue {
  const dict = new Map<PickleValue, PickleValue>();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    if (!Array.isArray(pair) || pair.length !== 2) throw damagedPickle('a key of a dict has no value');
    dict.set(pair[0]!, pair[1]!);
  }
  return dict;
}

/** (storage, offset, shape, strides, ...) */
function rebuildTensor([storage, offset, shape, strides]: readonly PickleValue[]): TensorRef {
  if (!isKind(storage, 'storage')) throw damagedPickle('a tensor has no storage');
  if (storage.dtype === undefined) throw damagedPickle('a tensor has no element type');
  return checkedTensor({ kind: 'tensor', storage, dtype: storage.dtype }, offset, shape, strides);
}

/** (untyped storage, offset, shape, strides, requires gradient, hooks, dtype, ...) */
function rebuildTensor3(args: readonly PickleValue[]): TensorRef {
  const [storage, offset, shape, strides, , , dtype] = args;
  if (!isKind(storage, 'storage')) throw damagedPickle('a tensor has no storage');
  if (!isKind(dtype, 'dtype')) throw damagedPickle('a tensor has no element type');
  return checkedTensor({ kind: 'tensor', storage, dtype: dtype.dtype }, offset, shape, strides);
}

function rebuildParameter([tensor]: readonly PickleValue[]): TensorRef {
  if (!isKind(tensor, 'tensor')) throw damagedPickle('a parameter has no tensor');
  return tensor;
}

function checkedTensor(
  base: Pick<TensorRef, 'kind' | 'storage' | 'dtype'>,
  offset: PickleValue | undefined,
  shape: PickleValue | undefined,
  strides: PickleValue | undefined,
): TensorRef {
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length) {
    throw damagedPickle('a tensor has no valid offset, shape and strides');
  }
  return { ...base, offset, shape, strides };
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every(isSize);
}
