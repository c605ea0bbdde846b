import type { LossyCompression } from '../volume.js';
import type { DicomFile } from './parse-dicom.js';
import type { PixelFormat } from './pixel-format.js';
import { TAG } from './tags.js';

/**
 * How an image was compressed with loss, as it says itself; where it is silent, as its own codestream tells.
 *
 * @param file an image that was compressed with loss at some time, with its pixels
 */
export function readLossyCompression({ dataset, syntax }: DicomFile, format: PixelFormat): LossyCompression {
  const ratio = dataset.texts(TAG.lossyImageCompressionRatio).join('\\');
  const method = dataset.texts(TAG.lossyImageCompressionMethod).join('\\');
  // Pixels of a lossless syntax may have lost at any time before; nothing in them tells how.
  if (syntax.lossyMethod === undefined) return { ratio, method };
  const [, ...data] = dataset.element(TAG.pixelData)?.fragments ?? [];
  const stored = data.reduce((sum, { length }) => sum + length, 0);
  const { rows, columns, frames, samples, bitsAllocated } = format;
  const measured = (rows * columns * frames * samples * bitsAllocated) / 8 / stored;
  return {
    ratio: ratio === '' && Number.isFinite(measured) ? measured.toPrecision(4) : ratio,
    method: method === '' ? syntax.lossyMethod : method,
  };
}
