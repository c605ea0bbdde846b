import { ImageFormatError } from './errors.js';

/** Bounds on what a file may ask for. They are checked against the header, before anything is allocated. */
export interface ReadLimits {
  /** Bytes of the decoded image. Default 2 GiB. */
  readonly maxDecodedBytes: number;
  /** Voxels along one side. Default 65535. */
  readonly maxSide: number;
  /** Bytes of a file as it lies on disk or arrives, compressed or not. Default 4 GiB. */
  readonly maxFileBytes: number;
  /** Frames of one DICOM file. Default 4096. */
  readonly maxFrames: number;
  /** Files of a folder or of a ZIP archive. Default 16384. */
  readonly maxFiles: number;
}

/** The limits used when none are given. */
export const DEFAULT_LIMITS: ReadLimits = {
  maxDecodedBytes: 2 ** 31,
  maxSide: 65_535,
  maxFileBytes: 2 ** 32,
  maxFrames: 4096,
  maxFiles: 16_384,
};

/** Fills in the defaults. */
export function resolveLimits(limits: Partial<ReadLimits> = {}): ReadLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value !== 'number' || !(value > 0)) {
      throw new ImageFormatError(
        'invalid-option',
        `limits.${name} is ${String(value)}`,
        'Give a number above 0.',
      );
    }
  }
  return resolved;
}

/** Refuses sides or a decoded size above the limits, and sides that are no size at all. */
export function checkSize(
  source: string,
  sides: readonly number[],
  bytesPerVoxel: number,
  limits: ReadLimits,
): void {
  const shape = sides.join(' x ');
  if (sides.some((side) => !Number.isInteger(side) || side < 1)) {
    throw new ImageFormatError(
      'corrupt',
      `${source}: the header gives the size ${shape}`,
      'The file is damaged; export it again from its source.',
    );
  }
  const bytes = sides.reduce((product, side) => product * side, bytesPerVoxel);
  if (bytes > limits.maxDecodedBytes || sides.some((side) => side > limits.maxSide)) {
    throw new ImageFormatError(
      'too-large',
      `${source}: the header asks for ${shape} voxels (${bytes} bytes), more than the limits allow ` +
        `(${limits.maxSide} a side, ${limits.maxDecodedBytes} bytes)`,
      'If the size is right, raise limits.maxSide or limits.maxDecodedBytes; otherwise the header is damaged.',
    );
  }
}
