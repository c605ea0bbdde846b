import { droppedFiles } from './dropped-files.js';
import { byId, inputById } from './page.js';

/** What becomes of files that a person gives. */
export interface FileTakers {
  /** Images, and perhaps a model among them. */
  readonly take: (files: readonly File[]) => void;
  readonly takeModel: (file: File | undefined) => void;
}

/** Listens to all ways in which a page is given files: its buttons, and what falls onto it. */
export function listenToFiles({ take, takeModel }: FileTakers): void {
  const inputs = { 'choose-files': 'files', 'choose-folder': 'folder', 'choose-model': 'model-file' };
  for (const [button, id] of Object.entries(inputs)) {
    const input = inputById(id);
    byId(button).addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])];
      input.value = ''; // so that the same file can be chosen again
      if (id === 'model-file') takeModel(files[0]);
      else take(files);
    });
  }
  const { body } = document;
  body.addEventListener('dragover', (event) => {
    event.preventDefault();
    body.classList.add('dragging');
  });
  body.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) body.classList.remove('dragging');
  });
  body.addEventListener('drop', (event) => {
    event.preventDefault();
    body.classList.remove('dragging');
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
  });
}
