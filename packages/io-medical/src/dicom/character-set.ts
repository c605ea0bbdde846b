/** Encodings of the single-byte and Unicode character sets by their DICOM names (PS3.3, C.12.1.1.2). */
const ENCODINGS: Readonly<Record<string, string>> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'tis-620',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
};

/**
 * Text of an element, without its padding.
 *
 * @param characterSets values of (0008,0005): the last that is known decides, Latin-1 without any
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const known = characterSets.map((name) => ENCODINGS[name]).filter((name) => name !== undefined);
  return new TextDecoder(known.at(-1) ?? 'iso-8859-1').decode(bytes).replace(/[\0 ]+$/, '');
}
