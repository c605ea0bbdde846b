import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGreyImage, readImage } from '../../src/read-image.js';

function file(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../golden/${name}.jpg`, import.meta.url)));
}

const expected = JSON.parse(readFileSync(new URL('../golden/jpeg.json', import.meta.url), 'utf8')) as Record<
  string,
  { width: number; height: number; grey: number[] }
>;

function failure(bytes: Uint8Array): Promise<unknown> {
  return readGreyImage(bytes, { name: 'scan.jpg' }).then(
    () => 'no error',
    (error: unknown) => error,
  );
}

/** A copy with the frame header's fields changed; `offset` counts from the 0xff of the SOF marker. */
function withFrame(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  const frame = copy.findIndex((byte, i) => byte === 0xff && copy[i + 1] === 0xc0);
  copy.set(values, frame + offset);
  return copy;
}

describe('reading JPEG', () => {
  it.each(Object.keys(expected))('gives the grey values of Pillow for %s', async (name) => {
    const image = await readGreyImage(file(name));
    expect([image.width, image.height]).toEqual([34, 21]);
    expect([...image.data]).toEqual(expected[name]?.grey);
    expect(image.data.constructor).toBe(Uint8Array);
  });

  it('warns of colour', async () => {
    expect((await readImage(file('grey'))).warnings).toEqual([]);
    expect((await readImage(file('colour'))).warnings[0]).toContain('a colour image');
  });

  it('refuses files cut off anywhere', async () => {
    const bytes = file('grey');
    for (let length = 3; length < bytes.length; length += 13) {
      expect(await failure(bytes.subarray(0, length)), `${length} bytes`).toMatchObject({
        name: 'ImageFormatError',
        code: 'truncated',
      });
    }
    expect(await failure(bytes.subarray(0, bytes.length - 2))).toMatchObject({ code: 'truncated' });
  });

  it('refuses a scan that ends early, end marker or not', async () => {
    const bytes = file('grey');
    const early = Buffer.concat([bytes.subarray(0, bytes.length - 200), Uint8Array.of(0xff, 0xd9)]);
    expect(await failure(early)).toMatchObject({ code: 'corrupt' });
    // The decoder that failed is dropped, and the next file gets a fresh one.
    expect((await readGreyImage(bytes)).width).toBe(34);
  });

  it('refuses, by the header alone, sizes that the file is too small to hold', async () => {
    expect(await failure(withFrame(file('grey'), 5, 0xff, 0xff, 0xff, 0xff))).toMatchObject({
      code: 'truncated',
    });
    expect(await failure(withFrame(file('grey'), 5, 0, 0))).toMatchObject({ code: 'corrupt' });
  });

  it('refuses kinds that it does not read', async () => {
    expect(await failure(file('cmyk'))).toMatchObject({ code: 'unsupported' });
    expect(await failure(withFrame(file('grey'), 4, 12))).toMatchObject({ code: 'unsupported' });
    expect(await failure(withFrame(file('grey'), 1, 0xc3))).toMatchObject({ code: 'unsupported' });
  });
});
