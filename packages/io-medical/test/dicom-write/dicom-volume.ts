import type { Volume } from '../../src/volume.js';

/** Size of {@link dicomVolume}: odd, so that frames of a segmentation do not begin at a byte. */
export const DIMS = [13, 7, 5] as const;

/** A sheared volume as a reader gives it from five CT images of a made-up patient. */
export function dicomVolume(change: Partial<Volume> = {}): Volume {
  const elements = {
    '00080020': ['DA', '20200101'],
    '00080030': ['TM', '101010'],
    '00080050': ['SH', 'A-17'],
    '00080090': ['PN', 'Doctor^Some'],
    '00100010': ['PN', 'Müller^Jörg'],
    '00100020': ['LO', 'P-123'],
    '00100030': ['DA', '19500101'],
    '00100040': ['CS', 'M'],
    '00101010': ['AS', '070Y'],
    '0020000D': ['UI', '1.2.3.4'],
    '0020000E': ['UI', '1.2.3.4.5'],
    '00200010': ['SH', 'S-1'],
    '00200052': ['UI', '1.2.3.9'],
  } as const;
  return {
    voxels: new Int16Array(DIMS[0] * DIMS[1] * DIMS[2]),
    dims: DIMS,
    affine: [-0.7, 0, 0.1, 90.25, 0, -0.8, 0.2, -33.3, 0, 0, 2.5, -128.125, 0, 0, 0, 1],
    calibrated: true,
    unit: 'HU',
    format: 'dicom',
    source: 'series',
    assumed: [],
    warnings: [],
    modality: 'CT',
    dicom: {
      slices: Array.from({ length: DIMS[2] }, (_, i) => ({
        sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
        sopInstanceUid: `1.2.3.4.5.${10 + i}`,
        frame: 1,
      })),
      elements: new Map(Object.entries(elements).map(([tag, [vr, value]]) => [tag, { vr, value }])),
    },
    ...change,
  };
}

/** Labels 1 and 2 strewn over all slices but the first, each voxel telling its place. */
export function labelMask(): Uint8Array {
  const mask = Uint8Array.from({ length: DIMS[0] * DIMS[1] * DIMS[2] }, (_, i) =>
    i % 17 === 0 ? 1 : i % 23 === 0 ? 2 : 0,
  );
  return mask.fill(0, 0, DIMS[0] * DIMS[1]);
}
