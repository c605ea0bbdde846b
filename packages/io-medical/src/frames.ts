import { ImageFormatError } from './errors.js';

/**
 * Which of a file's volumes to read.
 *
 * @param frame as asked for
 * @throws {ImageFormatError} `unsupported` where there are several and none was asked for; `invalid-option`
 */
export function chooseFrame(source: string, frames: number, frame: number | undefined): number {
  if (frame === undefined && frames > 1) {
    throw new ImageFormatError(
      'unsupported',
      `${source}: holds ${frames} volumes, such as the time points of a series`,
      `Say which one to read with the option frame, 0 to ${frames - 1}.`,
    );
  }
  const chosen = frame ?? 0;
  if (!Number.isInteger(chosen) || chosen < 0 || chosen >= frames) {
    throw new ImageFormatError(
      'invalid-option',
      `${source}: has no frame ${chosen}`,
      `Give a whole number from 0 to ${frames - 1}.`,
    );
  }
  return chosen;
}
