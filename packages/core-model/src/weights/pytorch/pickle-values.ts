/** Element types of PyTorch storages. */
export type StorageDtype =
  'float32' | 'float64' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'int16' | 'int8' | 'uint8' | 'bool';

/** Bytes of one element. */
export const ITEM_BYTES: Readonly<Record<StorageDtype, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** A run of elements that lies outside the pickle, known by its key. */
export interface StorageRef {
  readonly kind: 'storage';
  readonly key: string;
  /** Absent for an untyped storage, whose elements are bytes: the tensor says what they are. */
  readonly dtype: StorageDtype | undefined;
  /** Elements of the whole storage. */
  readonly length: number;
  /** Where this view of it starts, in elements; 0 but in files of PyTorch before 0.4. */
  readonly start: number;
}

/** A strided view of a storage. */
export interface TensorRef {
  readonly kind: 'tensor';
  readonly storage: StorageRef;
  readonly dtype: StorageDtype;
  /** Of the first element, in elements of the storage. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A class or function that a pickle names, and that {@link resolveGlobal} knows. */
export type Global =
  | { readonly kind: 'storage-type'; readonly dtype: StorageDtype | 'untyped' | 'unsupported' }
  | { readonly kind: 'dtype'; readonly dtype: StorageDtype }
  | { readonly kind: 'function'; readonly call: (args: readonly PickleValue[]) => PickleValue };

/** An object that no weights need, such as a device: its contents are dropped. */
export interface Ignored {
  readonly kind: 'ignored';
}

/** Everything that a pickle can build here. Lists and tuples are arrays; every dict is a Map. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Global
  | StorageRef
  | TensorRef
  | Ignored;

/** Whether a value is one of ours that is marked by `kind`. */
export function isKind<K extends (Global | StorageRef | TensorRef | Ignored)['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<Global | StorageRef | TensorRef | Ignored, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** Whether a value is a whole number from 0 that JavaScript holds exactly. */
export function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
