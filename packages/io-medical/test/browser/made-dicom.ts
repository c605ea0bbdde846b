import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { ctElements } from '../dicom/ct-series.js';
import { type DicomElement, makeDicom, SYNTAX } from '../dicom/dicom-files.js';
import { encodeJpegLossless, encodeRle, encodeWithWasm } from '../dicom/encoders.js';

const values = Array.from({ length: 1024 }, (_, i) => 200 + Math.round(150 * Math.sin(i / 9)) + (i % 7));
const frame = { width: 32, height: 32, components: 1, bits: 12, values } as const;

const bitsOf = (stored: number, allocated: number): readonly DicomElement[] => [
  [0x0028_0100, 'US', allocated],
  [0x0028_0101, 'US', stored],
  [0x0028_0102, 'US', stored - 1],
  [0x0028_0103, 'US', 0],
];

/** A CT slice in every transfer syntax that is read, by file name. */
export async function madeDicom(): Promise<Readonly<Record<string, Uint8Array>>> {
  const native = (options: Parameters<typeof makeDicom>[1]): Uint8Array =>
    makeDicom(
      ctElements([], { rows: 32, columns: 32 }, [...bitsOf(12, 16), [0x7fe0_0010, 'OW', values]]),
      options,
    );
  const compressed = (fragment: Uint8Array, syntax: string): Uint8Array =>
    makeDicom(
      ctElements([], { rows: 32, columns: 32 }, [
        ...bitsOf(12, 16),
        [0x7fe0_0010, 'OB', { fragments: [fragment] }],
      ]),
      { syntax },
    );
  const jpeg = new Uint8Array(readFileSync(new URL('../golden/grey.jpg', import.meta.url)));
  return {
    'explicit.dcm': native({}),
    'implicit.dcm': native({ syntax: SYNTAX.implicit }),
    'big-endian.dcm': native({ syntax: SYNTAX.bigEndian }),
    'deflated.dcm': native({ syntax: SYNTAX.deflated, pack: (dataset) => deflateRawSync(dataset) }),
    'rle.dcm': compressed(encodeRle(frame), SYNTAX.rle),
    'jpeg.dcm': makeDicom(
      ctElements([], { rows: 21, columns: 34 }, [
        ...bitsOf(8, 8),
        [0x7fe0_0010, 'OB', { fragments: [jpeg] }],
      ]),
      { syntax: SYNTAX.jpeg },
    ),
    'jpeg-lossless.dcm': compressed(encodeJpegLossless(frame), SYNTAX.jpegLossless),
    'jpeg-ls.dcm': compressed(await encodeWithWasm('jpeg-ls', frame), SYNTAX.jpegLs),
    'jpeg-2000.dcm': compressed(await encodeWithWasm('jpeg-2000', frame), SYNTAX.jpeg2000),
    'htj2k.dcm': compressed(await encodeWithWasm('htj2k', frame), SYNTAX.htj2k),
  };
}
