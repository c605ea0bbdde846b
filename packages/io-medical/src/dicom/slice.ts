import { ImageFormatError } from '../errors.js';
import { type DecodeOptions, frameDecoder } from './frame-decoder.js';
import { greyConverter } from './grey-frame.js';
import { type FrameHeader, type ImageHeader, readImageHeader } from './image-header.js';
import { parseDicom } from './parse-dicom.js';
import { readAhead } from './read-ahead.js';
import type { VoxelArray } from '../volume.js';

/** Files that are read while one is decoded. */
const FILES_AHEAD = 2;

/** A file among those of a series. */
export interface SeriesFile {
  /** Its name within what was given, for listings; never for messages, since names of files name patients. */
  readonly name: string;
  /** How messages call it. */
  readonly label: string;
  load(): Promise<Uint8Array>;
  /** The start of a file on disk, where the header nearly always ends; missing for files that are in memory. */
  loadHead?(): Promise<Uint8Array>;
  /** As `load`, into memory that is given where it is large enough; missing for files that are in memory. */
  loadInto?(room: Uint8Array | undefined): Promise<Uint8Array>;
}

/** One frame of a file, as a slice to be. */
export interface Slice {
  readonly file: SeriesFile;
  readonly header: ImageHeader;
  readonly frame: number;
  readonly geometry: FrameHeader;
}

/** The frames of a file as slices. */
export function slicesOf(file: SeriesFile, header: ImageHeader): readonly Slice[] {
  return header.frames.map((geometry, frame) => ({ file, header, frame, geometry }));
}

/**
 * Decodes slices file by file, so that each file is read once and few are held at a time. Memory that a file on disk was
 * read into is used again for a later one: fresh memory costs as much as the reading.
 *
 * @yields the slice's place in `slices` and its stored values, grey, which are good until the next slice is asked for
 * @throws {ImageFormatError} `corrupt` where a file has changed since its header was read
 */
export async function* decodeSlices(
  slices: readonly Slice[],
  options: DecodeOptions,
): AsyncGenerator<{ index: number; values: VoxelArray }, void, void> {
  const byFile = new Map<SeriesFile, number[]>();
  slices.forEach(({ file }, index) => {
    const indices = byFile.get(file);
    if (indices === undefined) byFile.set(file, [index]);
    else indices.push(index);
  });
  const files = [...byFile];
  const spare: Uint8Array[] = [];
  const load = (file: SeriesFile): Promise<Uint8Array> => file.loadInto?.(spare.pop()) ?? file.load();
  const loaded = readAhead(
    files,
    async ([file, indices]) => ({ file, indices, bytes: await load(file) }),
    FILES_AHEAD,
  );
  for await (const { file, indices, bytes } of loaded) {
    const dicom = await parseDicom(file.label, bytes, options.limits);
    const { format } = slices[indices[0] ?? 0]?.header ?? readImageHeader(dicom, options.limits);
    const decode = frameDecoder(dicom, format, options);
    const toGrey = greyConverter(dicom.dataset, format);
    for (const index of indices) {
      const values = toGrey(await decode(slices[index]?.frame ?? 0));
      if (values.length !== format.rows * format.columns) {
        throw new ImageFormatError(
          'corrupt',
          `${file.label}: has changed while it was read`,
          'Read it again.',
        );
      }
      yield { index, values };
    }
    if (file.loadInto !== undefined) spare.push(new Uint8Array(bytes.buffer));
  }
}
