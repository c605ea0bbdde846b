/** Fields of a NIfTI header that a test wants to set; the rest is 0. */
export interface NiftiSpec {
  /** Default 1. */
  readonly version?: 1 | 2;
  readonly dim: readonly number[];
  readonly datatype?: number;
  readonly littleEndian?: boolean;
  readonly pixdim?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly qformCode?: number;
  readonly sformCode?: number;
  readonly quaternion?: readonly number[];
  readonly qoffset?: readonly number[];
  readonly sform?: readonly number[];
  readonly units?: number;
  readonly voxOffset?: number;
  readonly magic?: string;
  /** Bytes after the header and its four extension bytes. */
  readonly voxels: Uint8Array;
}

/** Writes a NIfTI file by the book, in either byte order. */
export function makeNifti(spec: NiftiSpec): Uint8Array {
  return spec.version === 2 ? makeNifti2(spec) : makeNifti1(spec);
}

function makeNifti1(spec: NiftiSpec): Uint8Array {
  const { littleEndian = true, datatype = 4 } = spec;
  const file = new Uint8Array(352 + spec.voxels.length);
  const view = new DataView(file.buffer);
  const shorts = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => view.setInt16(at + 2 * i, value, littleEndian));
  const floats = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => view.setFloat32(at + 4 * i, value, littleEndian));
  view.setInt32(0, 348, littleEndian);
  shorts(40, spec.dim);
  shorts(70, [datatype]);
  floats(76, spec.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  floats(108, [spec.voxOffset ?? 352, spec.slope ?? 0, spec.intercept ?? 0]);
  view.setUint8(123, spec.units ?? 2);
  shorts(252, [spec.qformCode ?? 0, spec.sformCode ?? 0]);
  floats(256, [...(spec.quaternion ?? [0, 0, 0]), ...(spec.qoffset ?? [0, 0, 0])]);
  floats(280, spec.sform ?? []);
  file.set(new TextEncoder().encode(spec.magic ?? 'n+1\0'), 344);
  file.set(spec.voxels, 352);
  return file;
}

function makeNifti2(spec: NiftiSpec): Uint8Array {
  const { littleEndian = true, datatype = 4 } = spec;
  const file = new Uint8Array(544 + spec.voxels.length);
  const view = new DataView(file.buffer);
  const doubles = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => view.setFloat64(at + 8 * i, value, littleEndian));
  const longs = (at: number, values: readonly number[]): void =>
    values.forEach((value, i) => view.setBigInt64(at + 8 * i, BigInt(value), littleEndian));
  view.setInt32(0, 540, littleEndian);
  file.set(new TextEncoder().encode(spec.magic ?? 'n+2\0\r\n\u001a\n'), 4);
  view.setInt16(12, datatype, littleEndian);
  longs(16, spec.dim);
  doubles(104, spec.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  longs(168, [spec.voxOffset ?? 544]);
  doubles(176, [spec.slope ?? 0, spec.intercept ?? 0]);
  view.setInt32(344, spec.qformCode ?? 0, littleEndian);
  view.setInt32(348, spec.sformCode ?? 0, littleEndian);
  doubles(352, [...(spec.quaternion ?? [0, 0, 0]), ...(spec.qoffset ?? [0, 0, 0])]);
  doubles(400, spec.sform ?? []);
  view.setInt32(500, spec.units ?? 2, littleEndian);
  file.set(spec.voxels, 544);
  return file;
}

/** Bytes of values in a type and byte order. */
export function voxelBytes(
  values: readonly number[],
  type: 'Int8' | 'Uint8' | 'Int16' | 'Uint16' | 'Int32' | 'Uint32' | 'Float32' | 'Float64',
  littleEndian = true,
): Uint8Array {
  const size = Number(type.replace(/\D+/, '')) / 8;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => view[`set${type}`](i * size, value, littleEndian));
  return new Uint8Array(view.buffer);
}
