import { damagedDicom, unsupportedDicom } from './dicom-errors.js';
import type { Encoding } from './elements.js';

/** How pixels are compressed. */
export type Compression = 'none' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

/** How a file is written. */
export interface TransferSyntax extends Encoding {
  /** Everything behind the file's own header is compressed with deflate. */
  readonly deflated: boolean;
  readonly compression: Compression;
  /** How pixels lose in it (PS3.3 C.7.6.1.1.5.1); undefined where they do not. */
  readonly lossyMethod?: string;
}

const EXPLICIT: TransferSyntax = { explicit: true, littleEndian: true, deflated: false, compression: 'none' };
const compressed = (compression: Compression, lossyMethod?: string): TransferSyntax => ({
  ...EXPLICIT,
  compression,
  ...(lossyMethod !== undefined && { lossyMethod }),
});

/** The syntax of files that do not name one (PS3.5, section 10.1). */
export const IMPLICIT_LITTLE_ENDIAN: TransferSyntax = { ...EXPLICIT, explicit: false };
export const EXPLICIT_LITTLE_ENDIAN: TransferSyntax = EXPLICIT;

const ROOT = '1.2.840.10008.1.2';
/** The end of the UID behind {@link ROOT}. */
const READ: Readonly<Record<string, TransferSyntax>> = {
  '': IMPLICIT_LITTLE_ENDIAN,
  '.1': EXPLICIT,
  '.1.98': EXPLICIT,
  '.1.99': { ...EXPLICIT, deflated: true },
  '.2': { ...EXPLICIT, littleEndian: false },
  '.5': compressed('rle'),
  '.4.50': compressed('jpeg', 'ISO_10918_1'),
  '.4.51': compressed('jpeg', 'ISO_10918_1'),
  '.4.57': compressed('jpeg-lossless'),
  '.4.70': compressed('jpeg-lossless'),
  '.4.80': compressed('jpeg-ls'),
  '.4.81': compressed('jpeg-ls', 'ISO_14495_1'),
  '.4.90': compressed('jpeg-2000'),
  '.4.91': compressed('jpeg-2000', 'ISO_15444_1'),
  '.4.201': compressed('htj2k'),
  '.4.202': compressed('htj2k'),
  '.4.203': compressed('htj2k', 'ISO_15444_15'),
};

/** Beginnings of the UIDs that are known and not read. */
const OTHERS: readonly (readonly [start: string, what: string])[] = [
  ['.4.9', 'multi-component JPEG 2000 or JPIP'],
  ['.4.10', 'MPEG video'],
  ['.4.1', 'JPEG XL'],
  ['.4.', 'a retired kind of JPEG'],
];

/**
 * The syntax that a UID names.
 *
 * @throws {ImageFormatError} `unsupported` for kinds that are not read, `corrupt` for what is no transfer syntax
 */
export function transferSyntax(source: string, uid: string): TransferSyntax {
  const end = uid.startsWith(ROOT) ? uid.slice(ROOT.length) : undefined;
  const syntax = end === undefined ? undefined : READ[end];
  if (syntax !== undefined) return syntax;
  const known = OTHERS.find(([start]) => end?.startsWith(start));
  if (known === undefined) {
    throw damagedDicom(source, 'the transfer syntax in (0002,0010) is private or does not exist');
  }
  throw unsupportedDicom(
    source,
    `pixels in ${known[1]}`,
    'Export it as uncompressed, RLE, JPEG, JPEG-LS, JPEG 2000 or HTJ2K.',
  );
}
