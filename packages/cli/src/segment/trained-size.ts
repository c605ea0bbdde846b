/** Side length of the slices that a network sees where nothing says another. */
export const DEFAULT_SIZE = 352;

/** Side length that a model was trained at, as far as its file says. */
export function trainedSize(metadata: Readonly<Record<string, string>>): number | undefined {
  const size = Number(metadata['infnet.size']);
  return Number.isInteger(size) && size >= 32 && size % 32 === 0 ? size : undefined;
}
