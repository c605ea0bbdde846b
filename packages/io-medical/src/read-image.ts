import { diagonalAffine } from './affine.js';
import { isSeries } from './dicom/series-files.js';
import { ImageFormatError } from './errors.js';
import { resolveLimits } from './limits.js';
import { greyOfRaster, highBytes, isGrey, type Raster } from './raster.js';
import type { ReadOptions } from './read-options.js';
import { sniffFormat } from './sniff.js';
import type { ImageInput } from './source/input.js';
import { openSource } from './source/open-source.js';
import type { Source } from './source/source.js';
import type { GreyImage, ImageFormat, Volume } from './volume.js';

type RasterFormat = 'png' | 'jpeg' | 'tiff';

/**
 * Reads an image of any kind, told apart by content: DICOM, NIfTI, NRRD, MetaImage, TIFF, PNG, JPEG.
 *
 * A DICOM file, and a folder, a ZIP archive or a list of the files of one series, give a volume as {@link readSeries}
 * does.
 *
 * NIfTI, NRRD and MetaImage give 2 or 3 dimensions with slope and intercept applied: in Hounsfield units where the values
 * look like them, as {@link Volume.unit} says. The pages of a TIFF are its slices. PNG and JPEG give a volume of one slice, 8 or 16 bit, in grey values;
 * colour becomes luma, with a warning.
 *
 * @param input path, address, bytes, file or stream; a list for a header and its data; see {@link ImageInput}
 * @throws {ImageFormatError} with the file's name, for anything that cannot be read; the signal's reason when aborted
 */
export async function readImage(input: ImageInput, options: ReadOptions = {}): Promise<Volume> {
  // Readers are loaded when they are needed: a page that reads one format fetches the code of one.
  if (await isSeries(input)) return (await import('./dicom/read-series.js')).readSeries(input, options);
  const { file, format } = await open(input, options);
  switch (format) {
    case 'dicom': {
      const { readSeries } = await import('./dicom/read-series.js');
      return readSeries(file.bytes, { ...options, name: file.name });
    }
    case 'nifti':
      return (await import('./nifti/read-nifti.js')).readNifti(file, options);
    case 'nrrd':
      return (await import('./nrrd/read-nrrd.js')).readNrrd(file, options);
    case 'metaimage':
      return (await import('./metaimage/read-metaimage.js')).readMetaImage(file, options);
    case 'tiff':
      return (await import('./tiff/read-tiff.js')).readTiff(file, options);
    case 'png':
    case 'jpeg':
      return readSlice(file, format, options);
  }
}

/** A picture as a volume of one slice. */
async function readSlice(file: Source, format: 'png' | 'jpeg', options: ReadOptions): Promise<Volume> {
  const source = file.name;
  const raster = await decodeRaster(file, format, options);
  const { width, height, data } = greyOfRaster(raster);
  const warnings = raster.notes.map((note) => `${source}: ${note}`);
  if (!isGrey(raster)) warnings.push(`${source}: a colour image; its luma is used (CT slices are grey)`);
  if (data.every((value) => value === data[0])) {
    warnings.push(`${source}: every pixel has the value ${data[0]}; there is nothing to see`);
  }
  return {
    voxels: data,
    dims: [width, height, 1],
    // Columns run to the patient's left and rows to the back, the way a radiologist looks at a slice.
    affine: diagonalAffine([-1, -1, 1]),
    calibrated: false,
    unit: options.unit ?? 'grey',
    format,
    source,
    assumed: ['pixels of 1 mm, seen from the feet, the patient on the back'],
    warnings,
  };
}

/**
 * Reads a PNG or JPEG as 8-bit grey, with the values of PIL's `convert('L')`: luma for colour and palette images,
 * alpha left out, 1 to 4 bit grey stretched to 0..255, the high byte of 16-bit samples.
 *
 * @param input path, address, bytes, file or stream
 */
export async function readGreyImage(
  input: ImageInput,
  options: ReadOptions = {},
): Promise<GreyImage<Uint8Array>> {
  const { raster } = await openRaster(input, options);
  const { width, height, data } = greyOfRaster(raster);
  return { width, height, data: data instanceof Uint16Array ? highBytes(data) : data };
}

/**
 * Reads a PNG of labels: palette indices where it has a palette, 8-bit values otherwise.
 *
 * @param input path, address, bytes, file or stream
 */
export async function readLabelImage(
  input: ImageInput,
  options: ReadOptions = {},
): Promise<GreyImage<Uint8Array>> {
  const { name, raster } = await openRaster(input, options);
  const { width, height, data, indices, channels } = raster;
  const labels = indices ?? (channels === 1 ? data : undefined);
  if (!(labels instanceof Uint8Array)) {
    throw new ImageFormatError(
      'unsupported',
      `${name}: a label image cannot be 16-bit or RGB`,
      'Save the labels as 8-bit grey or as a palette PNG.',
    );
  }
  return { width, height, data: labels };
}

async function openRaster(
  input: ImageInput,
  options: ReadOptions,
): Promise<{ name: string; raster: Raster }> {
  const { file, format } = await open(input, options);
  if (format !== 'png' && format !== 'jpeg' && format !== 'tiff') {
    throw new ImageFormatError(
      'unsupported',
      `${file.name}: a volume (${format}) where a PNG, JPEG or TIFF is needed`,
      'Read volumes with readImage, or export the slice as PNG.',
    );
  }
  return { name: file.name, raster: await decodeRaster(file, format, options) };
}

async function open(input: ImageInput, options: ReadOptions): Promise<{ file: Source; format: ImageFormat }> {
  const file = await findHeader(await openSource(input, options));
  const format = sniffFormat(file.name, file.bytes);
  if (options.format !== undefined && options.format !== format) {
    throw new ImageFormatError(
      'unknown-format',
      `${file.name}: expected ${options.format}, but the content is ${format}`,
      'Give a file of the expected format, or leave the option `format` out.',
    );
  }
  return { file, format };
}

/** The header of a NIfTI pair where its `.img`, which says nothing about itself, was given. */
async function findHeader(file: Source): Promise<Source> {
  const stem = /^(.+)\.img(\.gz)?$/i.exec(file.fileName)?.[1];
  if (stem === undefined) return file;
  return (await file.companion(`${stem}.hdr`)) ?? (await file.companion(`${stem}.hdr.gz`)) ?? file;
}

async function decodeRaster(file: Source, format: RasterFormat, options: ReadOptions): Promise<Raster> {
  const limits = resolveLimits(options.limits);
  switch (format) {
    case 'png':
      return (await import('./png/decode-png.js')).decodePng(file.name, file.bytes, limits);
    case 'jpeg':
      return (await import('./jpeg/decode-jpeg.js')).decodeJpeg(
        file.name,
        file.bytes,
        limits,
        options.jpegWasmUrl,
      );
    case 'tiff':
      return (await import('./tiff/read-tiff.js')).decodeTiff(file, options);
  }
}
