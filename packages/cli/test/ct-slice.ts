import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** CT slices of 20 x 16 pixels of a made-up patient, a file each in a new folder, where each z stands for 3 mm; the upper ones first. */
export async function writeSeries(folder: string, places: readonly number[] = [0, 1]): Promise<void> {
  await mkdir(folder);
  for (const z of places) {
    const voxels = Int16Array.from({ length: 320 }, (_, i) => ((i * 37 + z * 11) % 1400) - 1000);
    await writeFile(join(folder, `${z}.dcm`), ctSlice({ voxels, rows: 16, columns: 20, z }));
  }
}

/** A CT slice as a DICOM file in explicit VR little endian: 0.7 mm pixels, 3 mm apart, of a made-up patient. */
function ctSlice({
  voxels,
  rows,
  columns,
  z,
}: {
  readonly voxels: Int16Array;
  readonly rows: number;
  readonly columns: number;
  readonly z: number;
}): Uint8Array {
  const meta = concat([element(0x0002_0010, 'UI', '1.2.840.10008.1.2.1')]);
  const start = Buffer.alloc(132);
  start.write('DICM', 128);
  return concat([
    start,
    word(0x0002_0000, 'UL', meta.length),
    meta,
    element(0x0008_0008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    element(0x0008_0016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(0x0008_0018, 'UI', `1.2.3.4.5.${z + 1}`),
    element(0x0008_0020, 'DA', '20200131'),
    element(0x0008_0060, 'CS', 'CT'),
    element(0x0010_0010, 'PN', 'Doe^Jane'),
    element(0x0010_0020, 'LO', 'P-1'),
    element(0x0020_000d, 'UI', '1.2.3.4'),
    element(0x0020_000e, 'UI', '1.2.3.4.5'),
    element(0x0020_0013, 'IS', String(z + 1)),
    element(0x0020_0032, 'DS', `-10\\-20\\${30 - 3 * z}`),
    element(0x0020_0037, 'DS', '1\\0\\0\\0\\1\\0'),
    word(0x0028_0002, 'US', 1),
    element(0x0028_0004, 'CS', 'MONOCHROME2'),
    word(0x0028_0010, 'US', rows),
    word(0x0028_0011, 'US', columns),
    element(0x0028_0030, 'DS', '0.7\\0.7'),
    word(0x0028_0100, 'US', 16),
    word(0x0028_0101, 'US', 16),
    word(0x0028_0102, 'US', 15),
    word(0x0028_0103, 'US', 1),
    element(0x0028_1052, 'DS', '0'),
    element(0x0028_1053, 'DS', '1'),
    element(0x7fe0_0010, 'OW', Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength)),
  ]);
}

function word(tag: number, vr: 'US' | 'UL', value: number): Uint8Array {
  const bytes = Buffer.alloc(vr === 'US' ? 2 : 4);
  if (vr === 'US') bytes.writeUInt16LE(value);
  else bytes.writeUInt32LE(value);
  return element(tag, vr, bytes);
}

function element(tag: number, vr: string, value: string | Uint8Array): Uint8Array {
  const content = Buffer.from(value);
  const odd = content.length % 2;
  const isLong = vr === 'OW';
  const header = Buffer.alloc(isLong ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4);
  if (isLong) header.writeUInt32LE(content.length, 8);
  else header.writeUInt16LE(content.length + odd, 6);
  return concat([header, content, Buffer.alloc(odd, vr === 'UI' ? 0 : 32)]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
