import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEGMENT_KINDS } from '../../src/dicom-write/codes.js';
import { writeDerivedObject } from '../../src/dicom-write/derived-object.js';
import { checkDicomOrigin, STRIPPED_ATTRIBUTES } from '../../src/dicom-write/origin.js';
import { encodeSegmentation, type SegmentationOptions } from '../../src/dicom-write/segmentation.js';
import { slicePlace } from '../../src/dicom-write/slice-place.js';
import { temporaryFolder } from '../temporary-folder.js';
import { DIMS, dicomVolume, labelMask } from './dicom-volume.js';
import type { LossyCompression } from '../../src/volume.js';
import { has, pythonWith, run } from '../other-programs.js';

const folder = temporaryFolder();
const SEGMENTS: SegmentationOptions = {
  segments: [
    { value: 1, kind: 'groundGlass' },
    { value: 2, kind: 'consolidation' },
  ],
};

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8').decode(bytes);

describe('encodeSegmentation', () => {
  it('names its segments in coded terms and refers to its images', () => {
    const { bytes, segments, sopInstanceUid } = encodeSegmentation(labelMask(), dicomVolume(), SEGMENTS);
    expect(segments.map(({ number, value, kind }) => [number, value, kind])).toEqual([
      [1, 1, SEGMENT_KINDS.groundGlass],
      [2, 2, SEGMENT_KINDS.consolidation],
    ]);
    for (const part of [
      'DICM',
      'ISO_IR 192',
      sopInstanceUid,
      '112120',
      '95436008',
      '1.2.3.4.5.14',
      'Müller^Jörg',
    ]) {
      expect(text(bytes)).toContain(part);
    }
    expect(sopInstanceUid).toMatch(/^2\.25\.[1-9]\d{1,38}$/);
  });

  it('strips the listed set on demand, keeps what the standard wants, empty, and the UIDs', () => {
    const values = [...(dicomVolume().dicom?.elements ?? [])];
    const stripped = text(
      encodeSegmentation(labelMask(), dicomVolume(), { ...SEGMENTS, deidentify: true }).bytes,
    );
    const listed = STRIPPED_ATTRIBUTES.map(({ tag }) => tag);
    for (const [tag, { value }] of values) {
      if (value === 'M') continue; // one letter is anywhere
      expect(stripped.includes(value), tag).toBe(!listed.includes(tag));
    }
  });

  it('says that its images were compressed with loss, and how, as far as they say', () => {
    const { dicom } = dicomVolume();
    const lossy = (lossyCompression: LossyCompression): string =>
      text(
        encodeSegmentation(labelMask(), dicomVolume({ dicom: { ...dicom!, lossyCompression } }), SEGMENTS)
          .bytes,
      );
    expect(text(encodeSegmentation(labelMask(), dicomVolume(), SEGMENTS).bytes)).toContain(
      '\x28\0\x10\x21CS\x02\x0000',
    );
    const known = lossy({ ratio: '8.87', method: 'ISO_10918_1' });
    expect(known).toContain('\x28\0\x10\x21CS\x02\x0001');
    expect(known).toContain('\x28\0\x12\x21DS\x04\x008.87');
    expect(known).toContain('ISO_10918_1');
    const unknown = lossy({ ratio: '', method: '' });
    expect(unknown).toContain('\x28\0\x10\x21CS\x02\x0001');
    expect(unknown).not.toContain('\x28\0\x12\x21');
  });

  it('refuses volumes from elsewhere, wrong sizes and labels without a name', () => {
    const { dicom: _, ...plain } = dicomVolume();
    const code = (make: () => unknown): unknown => {
      try {
        return make();
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(code(() => encodeSegmentation(labelMask(), plain, SEGMENTS))).toBe('unsupported');
    const noStudy = { slices: dicomVolume().dicom?.slices ?? [], elements: new Map() };
    expect(code(() => encodeSegmentation(labelMask(), dicomVolume({ dicom: noStudy }), SEGMENTS))).toBe(
      'unsupported',
    );
    expect(code(() => checkDicomOrigin(dicomVolume({ calibrated: false })))).toBe('unsupported');
    expect(() => checkDicomOrigin(dicomVolume())).not.toThrow();
    expect(code(() => encodeSegmentation(new Uint8Array(3), dicomVolume(), SEGMENTS))).toBe('size-mismatch');
    expect(code(() => encodeSegmentation(labelMask(), dicomVolume()))).toBe('invalid-option');
    for (const segments of [[], [{ value: 0, kind: 'lung' }], [{ value: 256, kind: 'lung' }]] as const) {
      expect(code(() => encodeSegmentation(labelMask(), dicomVolume(), { segments }))).toBe('invalid-option');
    }
    const twice = [1, 1].map((value) => ({ value, kind: 'lung' }) as const);
    expect(code(() => encodeSegmentation(labelMask(), dicomVolume(), { segments: twice }))).toBe(
      'invalid-option',
    );
  });

  it('places slices by their own positions where they lie unevenly', () => {
    const volume = { dims: [1, 1, 3], affine: [1, 0, 0, 10, 0, 1, 0, 20, 0, 0, 5, 30, 0, 0, 0, 1] } as const;
    expect([0, 1, 2].map((slice) => slicePlace(volume, slice)[2])).toEqual([30, 35, 40]);
    expect(slicePlace(volume, 0)).toEqual([-10, -20, 30]);
    const uneven = { ...volume, slicePositions: [0, 8, 10] };
    expect([0, 1, 2].map((slice) => slicePlace(uneven, slice)[2])).toEqual([30, 38, 40]);
  });
});

const hasDciodvfy = has('dciodvfy', []);
const python = pythonWith('pydicom', 'numpy');

describe('segmentations before other programs', () => {
  it.skipIf(!hasDciodvfy)(
    `dciodvfy finds no error${hasDciodvfy ? '' : ' [skipped: dciodvfy is not on this machine]'}`,
    async () => {
      const { dicom } = dicomVolume();
      const cases: [string, Uint8Array, SegmentationOptions, LossyCompression?][] = [
        ['two.dcm', labelMask(), SEGMENTS],
        ['stripped.dcm', labelMask(), { ...SEGMENTS, deidentify: true }],
        ['empty.dcm', new Uint8Array(labelMask().length), { segments: [{ value: 1, kind: 'covid19' }] }],
        ['lossy.dcm', labelMask(), SEGMENTS, { ratio: '8.87', method: 'ISO_10918_1' }],
        ['lung.dcm', labelMask().fill(1), { segments: [{ value: 1, kind: 'lung' }] }],
      ];
      for (const [name, mask, options, lossyCompression] of cases) {
        const path = join(folder, name);
        const volume = dicomVolume(lossyCompression && { dicom: { ...dicom!, lossyCompression } });
        await writeDerivedObject(path, encodeSegmentation(mask, volume, options));
        const { output } = run('dciodvfy', [path]);
        expect(output, name).toContain('Segmentation');
        expect(output, name).not.toMatch(/^Error/m);
      }
    },
  );

  it.skipIf(python === undefined)(
    `pydicom finds every voxel in the right place${python === undefined ? ' [skipped: no Python with pydicom]' : ''}`,
    () => {
      const volume = dicomVolume();
      const mask = labelMask();
      const path = join(folder, 'seg.dcm');
      writeFileSync(path, encodeSegmentation(mask, volume, SEGMENTS).bytes);
      const { status, output } = run(python ?? '', ['-c', READ_SEGMENTATION, path]);
      expect(output).not.toContain('Traceback');
      expect(status).toBe(0);
      const frames = JSON.parse(output) as Frame[];
      expect(frames.length).toBeGreaterThan(2);
      const back = new Uint8Array(mask.length);
      for (const { segment, position, orientation, spacing, sop, rows } of frames) {
        const slice = volume.dicom?.slices.findIndex(({ sopInstanceUid }) => sopInstanceUid === sop) ?? -1;
        expect(slice).toBeGreaterThan(0);
        rows.forEach((row, y) =>
          Array.from(row).forEach((bit, x) => {
            if (bit === '0') return;
            // The place of the voxel as DICOM has it, and as the volume's affine has it.
            const lps = [0, 1, 2].map(
              (i) =>
                (position[i] ?? NaN) +
                x * (spacing[1] ?? NaN) * (orientation[i] ?? NaN) +
                y * (spacing[0] ?? NaN) * (orientation[3 + i] ?? NaN),
            );
            [0, 1, 2].forEach((i) => {
              const [a = 0, b = 0, c = 0, d = 0] = volume.affine.slice(4 * i, 4 * i + 4);
              expect((i < 2 ? -1 : 1) * (lps[i] ?? NaN)).toBeCloseTo(a * x + b * y + c * slice + d, 9);
            });
            back[x + DIMS[0] * (y + DIMS[1] * slice)] = segment;
          }),
        );
      }
      expect(back).toEqual(mask);
    },
  );
});

interface Frame {
  readonly segment: number;
  readonly position: number[];
  readonly orientation: number[];
  readonly spacing: number[];
  readonly sop: string;
  readonly rows: string[];
}

const READ_SEGMENTATION = `
import json, sys, pydicom, numpy as np
d = pydicom.dcmread(sys.argv[1])
bits = np.unpackbits(np.frombuffer(d.PixelData, np.uint8), bitorder='little')
shared = d.SharedFunctionalGroupsSequence[0]
out = []
for i, g in enumerate(d.PerFrameFunctionalGroupsSequence):
    size = d.Rows * d.Columns
    frame = bits[i * size:(i + 1) * size].reshape(d.Rows, d.Columns)
    out.append({
        'segment': g.SegmentIdentificationSequence[0].ReferencedSegmentNumber,
        'position': [float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient],
        'orientation': [float(v) for v in shared.PlaneOrientationSequence[0].ImageOrientationPatient],
        'spacing': [float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing],
        'sop': g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID,
        'rows': [''.join(map(str, row)) for row in frame.tolist()],
    })
print(json.dumps(out))
`;
