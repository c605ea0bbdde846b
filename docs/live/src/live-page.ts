import { duration } from '@infnet/cli/report';
import { CaseView } from './case-view.js';
import { diagnosticsText, type KnownFacts } from './diagnostics.js';
import { sortFiles } from './dropped-files.js';
import { listenToFiles } from './file-inputs.js';
import { demoModel, type ModelFile, ownModel, PoolKeeper } from './model.js';
import { announce, buttonById, byId, say } from './page.js';
import { phantomFile } from './phantom.js';
import { problemOf } from './problem.js';
import { type CaseEvent, runCase } from './run-case.js';

/** What the page is doing. */
type State = 'empty' | 'running' | 'done' | 'error';

const PHANTOM = { seed: 2024, dims: [256, 256, 48] } as const;

/** The page at work: an image comes in, a case goes out. */
export class LivePage {
  readonly #pools = new PoolKeeper();
  readonly #backend = byId('backend') as HTMLSelectElement;
  readonly #known: KnownFacts = { backend: 'auto', names: [] };
  readonly #case = new CaseView();
  #demo: Promise<ModelFile> | undefined;
  #own: ModelFile | undefined;
  #files: readonly File[] = [];
  #controller: AbortController | undefined;
  #progress = '';

  start(): void {
    this.#demo = demoModel();
    this.#demo.catch(() => undefined); // told when it is wanted
    listenToFiles({
      take: (files) => void this.#take(files),
      takeModel: (file) => void this.#takeModel(file),
    });
    byId('use-phantom').addEventListener('click', () => void this.#usePhantom());
    this.#backend.addEventListener('change', () => this.#tell());
    byId('cancel').addEventListener('click', () => this.#controller?.abort());
    byId('again').addEventListener('click', () => this.#toStart());
    byId('retry').addEventListener('click', () => void this.#run(this.#files));
    byId('retry-wasm').addEventListener('click', () => {
      this.#backend.value = 'wasm';
      void this.#run(this.#files);
    });
    byId('demo-model').addEventListener('click', () => {
      this.#own = undefined;
      this.#tell();
    });
    byId('copy').addEventListener('click', () => void this.#copy());
    this.#show('empty');
    this.#tell();
  }

  async #take(files: readonly File[]): Promise<void> {
    const { images, model } = sortFiles(files);
    if (model) await this.#takeModel(model);
    if (images.length > 0) await this.#run(images);
  }

  async #takeModel(file: File | undefined): Promise<void> {
    if (!file || this.#controller) return;
    this.#own = await ownModel(file);
    this.#tell();
    announce(`Model ${file.name} will be used.`);
  }

  async #usePhantom(): Promise<void> {
    const button = buttonById('use-phantom');
    button.disabled = true;
    button.textContent = 'Making a CT …';
    try {
      await this.#run([await phantomFile(PHANTOM)]);
    } finally {
      button.disabled = false;
      button.textContent = 'Try a made-up CT';
    }
  }

  /** Works on an image, unless one is being worked on. */
  async #run(files: readonly File[]): Promise<void> {
    if (this.#controller || files.length === 0) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#files = files;
    this.#known.names = files.flatMap(({ name, webkitRelativePath }) => [
      webkitRelativePath.split('/')[0] ?? '',
      name,
    ]);
    this.#forget();
    this.#show('running');
    try {
      const model = this.#own ?? (await this.#demo!);
      const backend = this.#backend.value;
      Object.assign(this.#known, { model, backend });
      const segmented = await runCase({
        files,
        model,
        pool: async () => {
          const pool = await this.#pools.get(model, backend);
          Object.assign(this.#known, { pool });
          this.#tell();
          return pool;
        },
        threshold: this.#case.threshold,
        signal: controller.signal,
        onEvent: (event) => this.#hear(event),
      });
      Object.assign(this.#known, { size: segmented.size, seconds: segmented.seconds });
      await this.#case.finish(segmented);
      this.#show('done');
      announce(this.#case.summary);
    } catch (error) {
      await this.#failed(error, controller.signal);
    } finally {
      this.#controller = undefined;
      this.#tell();
    }
  }

  async #failed(error: unknown, signal: AbortSignal): Promise<void> {
    this.#case.close();
    if (signal.aborted) {
      this.#show('empty');
      say('stopped', `Stopped${this.#progress === '' ? '' : ` at: ${this.#progress}`}.`);
      announce('Stopped.');
      return;
    }
    const problem = problemOf(error);
    this.#known.problem = problem;
    const onGpu = ['webgpu', 'webgl'].includes(this.#known.pool?.backend.name ?? this.#backend.value);
    // What a GPU or a worker failed at once it may fail at again: the next run begins anew.
    await this.#pools.drop();
    say('error-title', problem.message);
    say('error-hint', problem.hint);
    say('error-code', problem.code);
    byId('retry-wasm').hidden = !onGpu;
    this.#show('error');
  }

  #hear(event: CaseEvent): void {
    const bar = byId('bar') as HTMLProgressElement;
    const at = (title: string, text: string, done?: number, total?: number): void => {
      byId('progress-title').textContent = title;
      byId('progress-text').textContent = text;
      this.#progress = text === '' ? title.toLowerCase() : text;
      if (done === undefined || total === undefined) bar.removeAttribute('value');
      else Object.assign(bar, { max: total, value: done });
    };
    switch (event.type) {
      case 'reading': {
        const { type, done, total } = event.progress ?? {};
        at('Reading', type === undefined ? '' : `${type} ${done} of ${total}`, done, total);
        break;
      }
      case 'opened':
        this.#known.image = event.volume.about;
        void this.#case.open(event.volume);
        break;
      case 'model':
        at('Starting the network', '');
        break;
      case 'slice': {
        const { done, total, seconds } = event;
        const left = (seconds / done) * (total - done);
        at(
          'Segmenting',
          `slice ${done} of ${total}${done < total ? `, ${duration(left)} left` : ''}`,
          done,
          total,
        );
        break;
      }
      case 'measuring':
        at('Finding the lungs and measuring', '');
    }
  }

  #forget(): void {
    for (const name of ['image', 'size', 'seconds', 'problem', 'pool'] as const) delete this.#known[name];
    this.#progress = '';
    this.#case.close();
  }

  #toStart(): void {
    this.#forget();
    this.#show('empty');
    byId('choose-files').focus();
  }

  #show(state: State): void {
    document.body.dataset['state'] = state;
    byId('start').hidden = state === 'running' || state === 'done';
    byId('work').hidden = state === 'empty' || state === 'error';
    byId('progress').hidden = state !== 'running';
    byId('result').hidden = state !== 'done';
    byId('error').hidden = state !== 'error';
    byId('mask-layers').hidden = state !== 'done';
    say('stopped', undefined);
    for (const id of ['backend', 'choose-model', 'demo-model']) {
      buttonById(id).disabled = state === 'running';
    }
  }

  /** Says which model and backend are in use, and what there is for a bug report. */
  #tell(): void {
    const { pool } = this.#known;
    const own = this.#own;
    this.#known.backend = this.#backend.value;
    byId('chip-model').textContent = own?.name ?? 'phantom demo';
    byId('chip-backend').textContent = pool ? pool.backend.name : 'not started';
    byId('demo-notice').hidden = own !== undefined;
    byId('demo-model').hidden = own === undefined;
    byId('model-text').textContent = own
      ? `${own.name}, ${(own.bytes.length / 1e6).toFixed(1)} MB`
      : 'The demo model, trained on made-up chests. Drop a .safetensors or .pth of your own to use that.';
    byId('backend-text').textContent = pool
      ? [
          `${pool.device}.`,
          ...pool.backend.tried
            .filter(({ code }) => code !== 'backend-not-supported')
            .map(({ name, code }) => `${name} passed over: ${code}.`),
        ].join(' ')
      : 'WebGPU, then WebGL, then wasm. A GPU imitated in software is passed over.';
    byId('diagnostics').textContent = diagnosticsText(this.#known);
  }

  async #copy(): Promise<void> {
    const button = byId('copy');
    try {
      await navigator.clipboard.writeText(byId('diagnostics').textContent ?? '');
      button.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(byId('diagnostics'));
      button.textContent = 'Selected: copy it';
    }
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  }
}
