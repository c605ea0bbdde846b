import { ImageFormatError } from '../errors.js';

/** A file that has been read, and the way to the files beside it. */
export interface Source {
  /** Name for messages: the path or address as given, `image` for bytes without a name. */
  readonly name: string;
  /** The file's own name without folders, where it has one: what its companions are named after. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Whether nobody else holds `bytes`, so that voxels may be views into them. */
  readonly owned: boolean;
  /**
   * Reads a file that belongs to this one.
   *
   * @param name as a header gives it: relative to the header, never above its folder
   * @returns undefined where there is no such file
   * @throws {ImageFormatError} `forbidden-path` for a name that leads out of the folder
   */
  companion(name: string): Promise<Source | undefined>;
}

/** The error for a name in a header that leads somewhere else than below the header's folder. The name stays unsaid. */
export function forbiddenPath(source: string): ImageFormatError {
  return new ImageFormatError(
    'forbidden-path',
    `${source}: the header names a data file outside its own folder, which is not opened`,
    'Move the data file beside the header and name it there without a folder; or give `root`, the folder that both lie in.',
  );
}

/** The error for a data file that is not there. */
export function missingCompanion(source: string, what: string): ImageFormatError {
  return new ImageFormatError(
    'not-readable',
    `${source}: ${what} is not beside it`,
    'Keep the files of the image in one folder; where they come as bytes or blobs, pass a list of them with their names.',
  );
}

/** Whether a name from a header stays in or below the folder of that header, whatever the system. */
export function isInnerPath(name: string): boolean {
  return (
    name !== '' &&
    !name.includes('\0') &&
    !/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(name) &&
    !name.split(/[/\\]/).includes('..')
  );
}

/** The last part of a path or address. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
