/** Endings of files that hold a model. */
const MODEL = /\.(safetensors|pth|pt|pth\.tar)$/i;

/** Files that a person gave, told apart. */
export interface GivenFiles {
  readonly images: readonly File[];
  readonly model: File | undefined;
}

/** Models by their names, all else images. */
export function sortFiles(files: readonly File[]): GivenFiles {
  return {
    images: files.filter(({ name }) => !MODEL.test(name)),
    model: files.find(({ name }) => MODEL.test(name)),
  };
}

/** All files of a drop, folders searched through. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The list is gone once this function waits for anything.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  if (entries.every((entry) => entry === null)) return plain;
  const found = await Promise.all(entries.filter((entry) => entry !== null).map(filesBelow));
  return found.flat();
}

async function filesBelow(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  // A folder is told in portions, the last of which is empty.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return found;
    for (const inner of portion) found.push(...(await filesBelow(inner)));
  }
}
