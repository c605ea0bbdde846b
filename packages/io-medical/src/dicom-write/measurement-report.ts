import { ImageFormatError } from '../errors.js';
import type { DicomOrigin, Volume } from '../volume.js';
import { code, container, containerContent, image, number, text, uidReference } from './content.js';
import { codeItem, CONCEPT, dcm, UNIT } from './codes.js';
import {
  type DerivedObject,
  type DerivedObjectOptions,
  type DicomDevice,
  equipment,
  resolveDevice,
  seriesAndContent,
} from './derived-object.js';
import { type Dataset, encodeDicomFile } from './elements.js';
import {
  instanceReference,
  instancesOf,
  originOf,
  originValue,
  patientAndStudy,
  SERIES_UID,
  seriesReference,
  STUDY_UID,
} from './origin.js';
import type { SegmentationObject } from './segmentation.js';
import type { WrittenSegment } from './segments.js';
import { createUid } from './uid.js';

/** What was measured of one segment. */
export interface SegmentMeasurements {
  /** The segment's label in the mask. */
  readonly value: number;
  readonly volumeMl?: number;
  /** Volume over the volume of the lungs, 0..1. */
  readonly shareOfLung?: number;
  readonly meanHu?: number;
  /** How the values were measured, in words. */
  readonly method?: string;
}

const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

/**
 * Measurements as a DICOM structured report (TID 1500, Imaging Measurement Report): for every segment its volume in ml, its
 * share of the lungs in percent and its mean in HU, each as far as it is given, with the segment they were measured in.
 *
 * The share of the lungs has a private code of the scheme 99INFNET: no term for it was found in PS3.16.
 *
 * @param segmentation as {@link encodeSegmentation} gave it for the same volume
 * @throws {ImageFormatError} `unsupported` for volumes that were not read from DICOM; `invalid-option` for labels that the
 *   segmentation does not have and for values that are no numbers
 */
export function encodeMeasurementReport(
  measurements: readonly SegmentMeasurements[],
  segmentation: SegmentationObject,
  volume: Volume,
  options: DerivedObjectOptions = {},
): DerivedObject {
  const origin = originOf(volume);
  const device = resolveDevice(options);
  const identity = { sopClassUid: COMPREHENSIVE_SR, sopInstanceUid: createUid() };
  const seriesInstanceUid = createUid();
  const groups = measurements.map((measured) => measurementGroup(measured, segmentation, origin));
  const dataset: Dataset = [
    ...patientAndStudy(origin, options.deidentify ?? false),
    ...seriesAndContent('SR', seriesInstanceUid, { seriesNumber: 301, ...options }),
    ...equipment(device),
    [0x0008_0110, 'SQ', [privateScheme()]],
    [0x0008_1111, 'SQ', []],
    [0x0040_a372, 'SQ', []],
    [0x0040_a375, 'SQ', [evidence(segmentation, origin)]],
    [0x0040_a491, 'CS', 'COMPLETE'],
    [0x0040_a493, 'CS', 'UNVERIFIED'],
    [0x0040_a040, 'CS', 'CONTAINER'],
    [0x0040_a043, 'SQ', [codeItem(CONCEPT.measurementReport)]],
    ...containerContent('1500', [
      code('HAS CONCEPT MOD', CONCEPT.language, CONCEPT.english),
      ...observer(device),
      code('HAS CONCEPT MOD', CONCEPT.procedure, CONCEPT.ctOfChest),
      imageLibrary(volume, origin),
      container(CONCEPT.imagingMeasurements, groups),
    ]),
  ];
  return { bytes: encodeDicomFile(dataset, identity), ...identity, seriesInstanceUid };
}

/** TID 1002 and 1004: a program observed. */
function observer({ manufacturer, model, version }: DicomDevice): Dataset[] {
  return [
    code('HAS OBS CONTEXT', CONCEPT.observerType, CONCEPT.device),
    uidReference('HAS OBS CONTEXT', CONCEPT.deviceUid, createUid()),
    text('HAS OBS CONTEXT', CONCEPT.deviceName, `${model} ${version}`),
    text('HAS OBS CONTEXT', CONCEPT.deviceManufacturer, manufacturer),
    text('HAS OBS CONTEXT', CONCEPT.deviceModel, model),
  ];
}

/** TID 1600: the images that were looked at. */
function imageLibrary({ modality = 'CT' }: Volume, origin: DicomOrigin): Dataset {
  const images = instancesOf(origin).map((instance) => image(undefined, instance));
  const name = modality === 'CT' ? 'Computed Tomography' : modality;
  return container(
    CONCEPT.imageLibrary,
    [
      container(CONCEPT.imageLibraryGroup, [
        code('HAS ACQ CONTEXT', CONCEPT.modality, dcm(modality, name)),
        ...images,
      ]),
    ],
    '1600',
  );
}

/** TID 1411: measurements of a volumetric region. */
function measurementGroup(
  { value, volumeMl, shareOfLung, meanHu, method }: SegmentMeasurements,
  segmentation: SegmentationObject,
  origin: DicomOrigin,
): Dataset {
  const segment = findSegment(value, segmentation);
  const { kind, trackingIdentifier, trackingUid } = segment;
  const given = [volumeMl, shareOfLung, meanHu].filter((measured) => measured !== undefined);
  if (given.length === 0 || !given.every(Number.isFinite)) {
    throw new ImageFormatError(
      'invalid-option',
      `the measurements of label ${value} hold ${given.length === 0 ? 'nothing' : 'what is no number'}`,
      'Give at least one of volumeMl, shareOfLung and meanHu, and leave out what was not measured.',
    );
  }
  return container(
    CONCEPT.measurementGroup,
    [
      text('HAS OBS CONTEXT', CONCEPT.trackingIdentifier, trackingIdentifier),
      uidReference('HAS OBS CONTEXT', CONCEPT.trackingUid, trackingUid),
      code('CONTAINS', CONCEPT.finding, kind.type),
      image(CONCEPT.referencedSegment, segmentation, segment.number),
      uidReference('CONTAINS', CONCEPT.sourceSeries, originValue(origin, SERIES_UID)),
      ...(kind.site === undefined ? [] : [code('HAS CONCEPT MOD', CONCEPT.findingSite, kind.site)]),
      ...(volumeMl === undefined ? [] : [number(CONCEPT.volume, { value: volumeMl, unit: UNIT.millilitre })]),
      ...(shareOfLung === undefined
        ? []
        : [number(CONCEPT.shareOfLung, { value: 100 * shareOfLung, unit: UNIT.percent })]),
      ...(meanHu === undefined ? [] : [meanAttenuation(meanHu)]),
      ...(method === undefined ? [] : [text('CONTAINS', CONCEPT.comment, method)]),
    ],
    '1411',
  );
}

function meanAttenuation(meanHu: number): Dataset {
  const modifiers = [code('HAS CONCEPT MOD', CONCEPT.derivation, CONCEPT.mean)];
  return number(CONCEPT.attenuation, { value: meanHu, unit: UNIT.hounsfield, modifiers });
}

function findSegment(value: number, { segments }: SegmentationObject): WrittenSegment {
  const segment = segments.find((candidate) => candidate.value === value);
  if (segment !== undefined) return segment;
  throw new ImageFormatError(
    'invalid-option',
    `the segmentation has no segment of label ${value}`,
    `It has ${segments.map((candidate) => candidate.value).join(', ')}.`,
  );
}

/** Everything that the report refers to: the images and the segmentation, by study and series. */
function evidence(segmentation: SegmentationObject, origin: DicomOrigin): Dataset {
  return [
    [
      0x0008_1115,
      'SQ',
      [
        seriesReference(origin, 0x0008_1199),
        [
          [0x0008_1199, 'SQ', [instanceReference(segmentation)]],
          [0x0020_000e, 'UI', segmentation.seriesInstanceUid],
        ],
      ],
    ],
    [0x0020_000d, 'UI', originValue(origin, STUDY_UID)],
  ];
}

function privateScheme(): Dataset {
  return [
    [0x0008_0102, 'SH', CONCEPT.shareOfLung.scheme],
    [0x0008_0115, 'ST', 'Terms of Inf-Net for JavaScript'],
  ];
}
