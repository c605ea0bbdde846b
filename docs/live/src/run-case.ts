import type { StartedSlicePool } from '@infnet/core-model/pool';
import { openInWorker, type Measurement, type ReadProgress, type WorkerVolume } from '@infnet/io-medical';
import { PictureCollector, pictureBudget } from '@infnet/cli/report';
import { wasmUrls, jpegWasmUrl } from './decoder-urls.js';
import type { ModelFile } from './model.js';

/** What the network sees where a model does not say what it was trained at; the reference's size. */
const DEFAULT_SIZE = 352;
/** Files may be large and disks slow; decoding may be too. Cancelling is always possible. */
const READ_TIMEOUT_MS = 10 * 60_000;

/** Decoded bytes above which an image is refused before it is unpacked: 512 x 512 x 2048 voxels of a CT. */
const LIMITS = { maxDecodedBytes: 2 ** 30 };

/** What is told while a case is worked on. */
export type CaseEvent =
  | { readonly type: 'reading'; readonly progress?: ReadProgress }
  | { readonly type: 'opened'; readonly volume: WorkerVolume }
  | { readonly type: 'model' }
  | { readonly type: 'slice'; readonly done: number; readonly total: number; readonly seconds: number }
  | { readonly type: 'measuring' };

/** What a case is made with. */
export interface CaseSettings {
  readonly files: readonly File[];
  readonly model: ModelFile;
  readonly pool: () => Promise<StartedSlicePool>;
  readonly threshold: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: CaseEvent) => void;
}

/** Seconds that each step took. */
export interface CaseSeconds {
  readonly read: number;
  /** Starting workers and building the network; 0 where they were there. */
  readonly model: number;
  /** From then to the first map. */
  readonly firstSlice: number;
  readonly predict: number;
  readonly measure: number;
}

/** An image that was segmented. Close its volume when it is no longer shown. */
export interface SegmentedCase {
  readonly name: string;
  readonly volume: WorkerVolume;
  readonly model: ModelFile;
  readonly pool: StartedSlicePool;
  readonly size: number;
  readonly pictures: PictureCollector;
  readonly measurement: Measurement;
  readonly seconds: CaseSeconds;
}

/** Reads, segments and measures an image. Everything heavy is done in workers; after an abort none of it goes on. */
export async function runCase(settings: CaseSettings): Promise<SegmentedCase> {
  const { files, model, threshold, signal, onEvent } = settings;
  const clock = stopwatch();
  const name = nameOf(files);
  onEvent({ type: 'reading' });
  const volume = await openInWorker(files.length === 1 ? files[0]! : files, {
    name,
    timeoutMs: READ_TIMEOUT_MS,
    limits: LIMITS,
    jpegWasmUrl,
    wasmUrls,
    signal,
    onProgress: (progress) => onEvent({ type: 'reading', progress }),
  });
  const close = (): void => volume.dispose();
  signal.addEventListener('abort', close);
  try {
    refuseBlank(volume);
    onEvent({ type: 'opened', volume });
    const read = clock();
    onEvent({ type: 'model' });
    const pool = await unlessAborted(settings.pool(), signal);
    refuseClasses(pool);
    const started = clock();
    const size = pool.model.trainedSize ?? DEFAULT_SIZE;
    const pictures = new PictureCollector(volume.about, pictureBudget(1));
    const begun = performance.now();
    let firstSlice = 0;
    let done = 0;
    await volume.segment(pool, {
      size,
      signal,
      onSlice: (slice, map, total) => {
        pictures.add(slice, map);
        const seconds = (performance.now() - begun) / 1000;
        if (done++ === 0) firstSlice = seconds;
        onEvent({ type: 'slice', done, total, seconds });
      },
    });
    const predict = clock();
    onEvent({ type: 'measuring' });
    const measurement = await volume.measure(threshold);
    const seconds = { read, model: started, firstSlice, predict, measure: clock() };
    return { name, volume, model, pool, size, pictures, measurement, seconds };
  } catch (error) {
    volume.dispose();
    signal.throwIfAborted(); // what a closed worker says is not why
    throw error;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

/** What the case is called: the file, or the folder that several files lie in. */
function nameOf(files: readonly File[]): string {
  const [first] = files;
  if (first === undefined) return 'image';
  return files.length === 1 ? first.name : first.webkitRelativePath.split('/')[0] || 'series';
}

/** An image without any contrast was exported wrongly; a mask of it would look like a healthy patient. */
function refuseBlank({ about: { source, checks } }: WorkerVolume): void {
  const blank = checks.find(({ code }) => code === 'flat');
  if (!blank) return;
  throw Object.assign(new Error(`${source}: ${blank.message}`), { code: 'nothing-to-see', hint: blank.hint });
}

function refuseClasses({ model: { classes, name } }: StartedSlicePool): void {
  if (classes === 1) return;
  throw Object.assign(new Error(`the model (${name}) tells ${classes} classes apart, not infection alone`), {
    code: 'unsupported-network',
    hint: 'Give a model that was trained for the task infection.',
  });
}

/** Waits, but not longer than the signal lets it; what was waited for goes on by itself. */
function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Seconds since the last call. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
