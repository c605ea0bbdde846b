/** Directory entries by tag: SHORT where the values fit, else LONG. */
export type TiffFields = Readonly<Record<number, readonly number[]>>;

/** Writes a TIFF by the book: each page's data, then its directory, in either byte order. */
export function makeTiff(
  pages: readonly { readonly fields: TiffFields; readonly data: Uint8Array }[],
  littleEndian = true,
): Uint8Array<ArrayBuffer> {
  const size = pages.reduce(
    (sum, { fields, data }) =>
      sum + data.length + 1 + 32 * Object.keys(fields).length + 64 + longValues(fields),
    8,
  );
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, littleEndian);
  let pointer = 4;
  let at = 8;
  for (const { fields, data } of pages) {
    const start = at;
    file.set(data, at);
    at += data.length + (data.length % 2);
    const entries = Object.entries({ 273: [start], 279: [data.length], ...fields })
      .map(([tag, values]) => [Number(tag), values] as const)
      .toSorted(([a], [b]) => a - b);
    view.setUint32(pointer, at, littleEndian);
    view.setUint16(at, entries.length, littleEndian);
    let values = at + 2 + 12 * entries.length + 4;
    entries.forEach(([tag, numbers], i) => {
      const entry = at + 2 + 12 * i;
      const bytes = Math.max(...numbers) > 65_535 ? 4 : 2;
      view.setUint16(entry, tag, littleEndian);
      view.setUint16(entry + 2, bytes === 4 ? 4 : 3, littleEndian);
      view.setUint32(entry + 4, numbers.length, littleEndian);
      let target = entry + 8;
      if (numbers.length * bytes > 4) {
        view.setUint32(target, values, littleEndian);
        target = values;
        values += numbers.length * bytes;
      }
      numbers.forEach((value, j) => {
        if (bytes === 4) view.setUint32(target + 4 * j, value, littleEndian);
        else view.setUint16(target + 2 * j, value, littleEndian);
      });
    });
    pointer = at + 2 + 12 * entries.length;
    at = values + (values % 2);
  }
  return file.slice(0, at);
}

/** Fields of a grey page in one strip. */
export function greyFields(
  width: number,
  height: number,
  {
    bits = 8,
    format = 1,
    ...others
  }: { bits?: number; format?: number } & Record<number, readonly number[]> = {},
): TiffFields {
  return {
    256: [width],
    257: [height],
    258: [bits],
    259: [1],
    262: [1],
    277: [1],
    278: [height],
    339: [format],
    ...others,
  };
}

function longValues(fields: TiffFields): number {
  return Object.values(fields).reduce((sum, values) => sum + 4 * values.length, 0);
}
