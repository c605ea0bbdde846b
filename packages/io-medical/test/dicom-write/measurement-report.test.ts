import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDerivedObject } from '../../src/dicom-write/derived-object.js';
import {
  encodeMeasurementReport,
  type SegmentMeasurements,
} from '../../src/dicom-write/measurement-report.js';
import { encodeSegmentation } from '../../src/dicom-write/segmentation.js';
import { temporaryFolder } from '../temporary-folder.js';
import { dicomVolume, labelMask } from './dicom-volume.js';
import { has, run } from '../other-programs.js';

const folder = temporaryFolder();
const volume = dicomVolume();
const segmentation = encodeSegmentation(labelMask(), volume, {
  segments: [
    { value: 1, kind: 'groundGlass' },
    { value: 2, kind: 'consolidation' },
  ],
});
const MEASUREMENTS: readonly SegmentMeasurements[] = [
  {
    value: 1,
    volumeMl: 12.345,
    shareOfLung: 0.0123,
    meanHu: -512.3,
    method: 'voxels times |det| of the affine',
  },
  { value: 2, volumeMl: 1 / 3 },
];

describe('encodeMeasurementReport', () => {
  it('holds values, units and the segments they belong to', () => {
    const { bytes } = encodeMeasurementReport(MEASUREMENTS, segmentation, volume);
    const text = new TextDecoder().decode(bytes);
    for (const part of [
      '126000',
      '1500',
      '1411',
      '118565006',
      "[hnsf'U]",
      '-512.3',
      '0.33333333333333',
      '99INFNET',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain(segmentation.sopInstanceUid);
    expect(text).toContain(segmentation.segments[0]?.trackingUid);
    const stripped = encodeMeasurementReport(MEASUREMENTS, segmentation, volume, { deidentify: true });
    expect(new TextDecoder().decode(stripped.bytes)).not.toContain('Müller');
  });

  it('refuses labels without a segment and values that are none', () => {
    for (const measured of [{ value: 3, volumeMl: 1 }, { value: 1 }, { value: 1, meanHu: NaN }]) {
      expect(() => encodeMeasurementReport([measured], segmentation, volume)).toThrow(
        expect.objectContaining({ name: 'ImageFormatError', code: 'invalid-option' }),
      );
    }
  });
});

const hasDciodvfy = has('dciodvfy', []);
const hasDsrdump = has('dsrdump');

describe('reports before other programs', () => {
  it.skipIf(!hasDciodvfy)(
    `dciodvfy finds no error${hasDciodvfy ? '' : ' [skipped: dciodvfy is not on this machine]'}`,
    async () => {
      for (const deidentify of [false, true]) {
        const path = join(folder, `report-${deidentify}.dcm`);
        await writeDerivedObject(
          path,
          encodeMeasurementReport(MEASUREMENTS, segmentation, volume, { deidentify }),
        );
        const { output } = run('dciodvfy', [path]);
        expect(output).toContain('ComprehensiveSR');
        expect(output).not.toMatch(/^Error/m);
      }
    },
  );

  it.skipIf(!hasDsrdump)(
    `dsrdump reads the tree${hasDsrdump ? '' : ' [skipped: dsrdump of DCMTK is not on this machine]'}`,
    async () => {
      const path = join(folder, 'report.dcm');
      await writeDerivedObject(path, encodeMeasurementReport(MEASUREMENTS, segmentation, volume));
      const { status, output } = run('dsrdump', [path]);
      expect(status).toBe(0);
      expect(output).toContain('NUM:(,,"Volume")="12.345" (ml,UCUM,"milliliter")');
      expect(output).toContain('NUM:(,,"Volume as share of lung volume")="1.23" (%,UCUM,"Percent")');
      expect(output).toContain('NUM:(,,"Attenuation Coefficient")="-512.3"');
      expect(output).toContain('IMAGE:(,,"Referenced Segment")=(SG image,,2)');
    },
  );
});
