type Numbers = Float32Array | Uint8Array | BigInt64Array;

/**
 * A copy of plain data whose typed arrays lie in memory that threads share: posted to many, it is copied once. (A view that
 * is posted as it is takes along all of the memory behind it.)
 */
export function shareArrays<T>(value: T): T {
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, copyOf(one)]));
  if (Array.isArray(value)) return value.map(copyOf);
  if (ArrayBuffer.isView(value)) return sharedCopy(value as Numbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)]));
}

function sharedCopy(values: Numbers): Numbers {
  const kind = values.constructor as new (memory: SharedArrayBuffer) => Numbers;
  const copy = new kind(new SharedArrayBuffer(values.byteLength));
  (copy as Float32Array).set(values as Float32Array);
  return copy;
}
