import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../src/read-image.js';
import { counting } from '../volumes.js';
import { ctElements, ctSeries } from './ct-series.js';
import { type DicomElement, makeDicom, SYNTAX } from './dicom-files.js';

const SAID: readonly DicomElement[] = [
  [0x0028_2110, 'CS', '01'],
  [0x0028_2112, 'DS', [20, 2]],
  [0x0028_2114, 'CS', 'ISO_10918_1\\ISO_15444_1'],
];
const grey = new Uint8Array(readFileSync(new URL('../golden/grey.jpg', import.meta.url)));
const [width, height] = [34, 21];

function jpegSlice(extra: readonly DicomElement[] = []): Uint8Array {
  const bits: readonly DicomElement[] = [
    [0x0028_0100, 'US', 8],
    [0x0028_0101, 'US', 8],
    [0x0028_0102, 'US', 7],
    [0x0028_0103, 'US', 0],
    [0x7fe0_0010, 'OB', { fragments: [grey] }],
  ];
  return makeDicom(ctElements([], { rows: height, columns: width }, [...bits, ...extra]), {
    syntax: SYNTAX.jpeg,
  });
}

describe('the lossy compression of a source', () => {
  it('is as one of its images says, whichever it is', async () => {
    const dims = [4, 4, 3] as const;
    const series = (lossy: number): Uint8Array[] =>
      ctSeries({ voxels: Int16Array.from(counting(48)), dims }, { extra: (z) => (z === lossy ? SAID : []) });
    const volume = await readImage(series(2).map((bytes, i) => ({ name: `${i}.dcm`, bytes })));
    expect(volume.dicom?.lossyCompression).toEqual({ ratio: '20\\2', method: 'ISO_10918_1\\ISO_15444_1' });
    const never = await readImage(series(9).map((bytes, i) => ({ name: `${i}.dcm`, bytes })));
    expect(never.dicom).not.toHaveProperty('lossyCompression');
  });

  it('is measured where a JPEG says nothing, and what it says goes first', async () => {
    const padded = grey.length + (grey.length % 2);
    const { dicom } = await readImage(jpegSlice());
    expect(dicom?.lossyCompression?.method).toBe('ISO_10918_1');
    expect(Number(dicom?.lossyCompression?.ratio)).toBeCloseTo((width * height) / padded, 2);
    expect((await readImage(jpegSlice(SAID))).dicom?.lossyCompression?.ratio).toBe('20\\2');
  });
});
