import type { ReadLimits } from '../limits.js';
import type { Dataset } from './dataset.js';
import { type FrameGeometry, frameGeometry, groupOf } from './frame-geometry.js';
import { type ModalityTransform, type PaddingRange, readModality, readPadding } from './modality.js';
import type { DicomFile } from './parse-dicom.js';
import { type PixelFormat, readPixelFormat } from './pixel-format.js';
import { TAG } from './tags.js';

/** What a file says of one frame. */
export interface FrameHeader extends FrameGeometry {
  readonly transform: ModalityTransform;
  /** Number of the segment that the frame of a segmentation belongs to. */
  readonly segment: number | undefined;
}

/** What a DICOM image says of itself, without its pixels. */
export interface ImageHeader {
  readonly format: PixelFormat;
  readonly frames: readonly FrameHeader[];
  readonly padding: PaddingRange | undefined;
  readonly modality: string | undefined;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesUid: string;
  /** An overview from which slices were planned, not a slice. */
  readonly isLocalizer: boolean;
  readonly isLossy: boolean;
  /** A radiation dose, whose scaling to gray is left to whoever wants it. */
  readonly isDose: boolean;
  readonly instanceNumber: number | undefined;
  readonly imagesInAcquisition: number | undefined;
  /** Values by which a series that holds one place several times may fall into volumes, in the order they are tried. */
  readonly phases: readonly string[];
  readonly namesSyntax: boolean;
}

const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';
/** CT images, enhanced CT images and those converted to them. */
const CT_IMAGES = new Set(['2', '2.1', '2.2'].map((suffix) => `1.2.840.10008.5.1.4.1.1.${suffix}`));
const MODALITIES = new Set(
  'CR CT DX IO IVOCT MG MR NM OCT OPT OT PT PX RF RTDOSE RTIMAGE SC SEG SM US XA XC'.split(' '),
);
const PHASE_TAGS = [
  TAG.acquisitionNumber,
  TAG.temporalPositionIdentifier,
  TAG.triggerTime,
  TAG.echoNumbers,
  TAG.convolutionKernel,
];

/**
 * Reads the header of an image.
 *
 * @throws {ImageFormatError} `no-image`, `corrupt`, `unsupported`, `too-large`
 */
export function readImageHeader(
  { dataset, syntax, namesSyntax }: DicomFile,
  limits: ReadLimits,
): ImageHeader {
  const format = readPixelFormat(dataset, limits);
  const sopClassUid = dataset.text(TAG.sopClassUid) ?? '';
  const imageType = dataset.texts(TAG.imageType).map((value) => value.toUpperCase());
  return {
    format,
    frames: readFrames(dataset, format),
    padding: readPadding(dataset, format),
    modality: modalityOf(dataset.text(TAG.modality), sopClassUid),
    sopClassUid,
    sopInstanceUid: dataset.text(TAG.sopInstanceUid) ?? '',
    seriesUid: dataset.text(TAG.seriesInstanceUid) ?? '',
    isLocalizer: imageType.some((value) => ['LOCALIZER', 'SCOUT', 'TOPOGRAM'].includes(value)),
    isLossy: syntax.compression === 'jpeg' || dataset.text(TAG.lossyImageCompression) === '01',
    isDose: dataset.has(TAG.doseGridScaling),
    instanceNumber: dataset.decimal(TAG.instanceNumber),
    imagesInAcquisition: dataset.decimal(TAG.imagesInAcquisition),
    phases: PHASE_TAGS.map((tag) => dataset.text(tag) ?? ''),
    namesSyntax,
  };
}

/**
 * Only codes of the standard: anything else in their place could be a name, and modalities go into messages. Where a file
 * that lost its modality is of a class of CT images, it is CT: the standard allows those no other (PS3.3, C.8.2.1).
 */
function modalityOf(text: string | undefined, sopClassUid: string): string | undefined {
  if (text === undefined) return CT_IMAGES.has(sopClassUid) ? 'CT' : undefined;
  return MODALITIES.has(text) ? text : undefined;
}

/** Whether an image is a segmentation, whose frames are masks of segments. */
export function isSegmentation({ sopClassUid }: ImageHeader): boolean {
  return sopClassUid === SEGMENTATION;
}

function readFrames(dataset: Dataset, format: PixelFormat): readonly FrameHeader[] {
  const perFrame = dataset.items(TAG.perFrameFunctionalGroups);
  const shared = dataset.item(TAG.sharedFunctionalGroups);
  // One position for all frames of a file is the place of none of them but, perhaps, the first.
  const isMereStack = format.frames > 1 && perFrame.length === 0 && !dataset.has(TAG.gridFrameOffsetVector);
  return Array.from({ length: format.frames }, (_, frame) => {
    const sources = [perFrame[frame], shared].filter((group) => group !== undefined);
    const segment = groupOf(dataset, sources, TAG.segmentIdentificationSequence);
    return {
      ...frameGeometry(dataset, sources, frame),
      ...(isMereStack ? { position: undefined } : {}),
      transform: readModality(dataset, sources, format),
      segment: segment.word(TAG.referencedSegmentNumber),
    };
  });
}
