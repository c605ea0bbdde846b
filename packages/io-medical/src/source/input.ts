/** A file in memory with the name it would have in a folder. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that a browser's file input or drop gives, or {@link NamedBytes}. */
export type NamedFile = NamedBytes | (Blob & { readonly name: string });

/**
 * What an image can be read from.
 *
 * A text is a path in Node and a URL relative to the page in a browser; `http:`, `https:`, `data:`, `blob:` and `file:`
 * addresses work in both, as far as the platform can open them. A list holds the files of one image: a header and the
 * data beside it (`.hdr` and `.img`, `.nhdr` or `.mhd` and what they name).
 */
export type ImageInput =
  string | URL | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | readonly NamedFile[];
