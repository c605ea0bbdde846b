import { curveOf, findingLine } from '@infnet/cli/report';
import type { Measurement, WorkerVolume } from '@infnet/io-medical';
import { figuresHtml } from './figures.js';
import { listenToKeys } from './keys.js';
import { byId, inputById, putReportHtml, saveAs, say } from './page.js';
import { reportOf } from './report.js';
import type { SegmentedCase } from './run-case.js';
import { type MaskStyle, type View, Viewer } from './viewer.js';

/** Figures and picture follow the threshold when it has rested for so long. */
const REST_MS = 120;
/** Single pictures, whose masks are pictures too. */
const PICTURES: ReadonlySet<string> = new Set(['png', 'jpeg', 'tiff']);

/** An image on the page: the viewer, and the figures when it was segmented. */
export class CaseView {
  readonly #threshold = inputById('threshold');
  readonly #slider = inputById('slice');
  #viewer: Promise<Viewer | undefined> | undefined;
  #volume: WorkerVolume | undefined;
  #segmented: SegmentedCase | undefined;
  #measurement: Measurement | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#slider.addEventListener('input', () => this.#goTo(Number(this.#slider.value)));
    byId('previous').addEventListener('click', () => this.#goTo(this.#slice - 1));
    byId('next').addEventListener('click', () => this.#goTo(this.#slice + 1));
    this.#threshold.addEventListener('input', () => this.#moveThreshold());
    byId('save-mask').addEventListener('click', () => void this.#saveMask());
    byId('save-report').addEventListener('click', () => void this.#saveReport());
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name=view]')) {
      input.addEventListener(
        'change',
        () => void this.#viewer?.then((viewer) => viewer?.setView(input.value as View)),
      );
    }
    for (const input of document.querySelectorAll<HTMLInputElement>('input[name=mask]')) {
      input.addEventListener(
        'change',
        () => void this.#viewer?.then((viewer) => viewer?.setStyle(input.value as MaskStyle)),
      );
    }
    const choose = (value: string) => (): void =>
      document.querySelector<HTMLInputElement>(`input[name=mask][value="${value}"]`)?.click();
    listenToKeys(
      {
        always: {
          m: () => this.#goTo(this.#mostInfected()),
          i: choose('fill'),
          p: choose('probability'),
          o: choose('none'),
        },
        outsideControls: {
          ArrowLeft: () => this.#goTo(this.#slice - 1),
          ArrowRight: () => this.#goTo(this.#slice + 1),
        },
      },
      () => this.#volume !== undefined,
    );
  }

  /** What a mask is made with. */
  get threshold(): number {
    return Number(this.#threshold.value);
  }

  /** What was found, in a sentence. */
  get summary(): string {
    return this.#measurement ? `Done: ${findingLine(this.#measurement.quantities)}.` : '';
  }

  /** Shows an image before anything is known of it. */
  async open(volume: WorkerVolume): Promise<void> {
    this.#volume = volume;
    const { about } = volume;
    say('case-name', about.source);
    byId('paging').hidden = about.slices < 2;
    this.#slider.max = String(about.slices - 1);
    this.#place(Math.floor(about.slices / 2));
    const viewer = await this.#withViewer();
    try {
      await viewer?.show(await volume.encodeVolume('nii'), about);
    } catch (error) {
      // Closed meanwhile: what ended it is told elsewhere.
      if (this.#volume === volume) this.#viewerFailed(error);
    }
  }

  /** Shows what was found in it. */
  async finish(segmented: SegmentedCase): Promise<void> {
    this.#segmented = segmented;
    this.#showFigures(segmented.measurement);
    const viewer = await this.#withViewer();
    try {
      await viewer?.overlay(await segmented.volume.encodeLevels('nii'), this.threshold);
    } catch (error) {
      this.#viewerFailed(error);
    }
    this.#goTo(this.#mostInfected());
  }

  /** Lets the image go, with the worker that holds it. */
  close(): void {
    clearTimeout(this.#resting);
    this.#volume?.dispose();
    this.#volume = this.#segmented = this.#measurement = undefined;
    byId('figures').replaceChildren();
    say('no-viewer', undefined);
    byId('area').textContent = '';
    void this.#viewer?.then((viewer) => viewer?.clear());
  }

  #withViewer(): Promise<Viewer | undefined> {
    this.#viewer ??= Viewer.in(byId('stage'), (slice) => this.#place(slice)).catch((error: unknown) => {
      this.#viewerFailed(error);
      return undefined;
    });
    return this.#viewer;
  }

  #viewerFailed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    say('no-viewer', `The image cannot be shown (${reason}). Figures, mask and report do not need that.`);
  }

  get #slice(): number {
    return Number(this.#slider.value);
  }

  #goTo(slice: number): void {
    const last = Number(this.#slider.max);
    const wanted = Math.min(last, Math.max(0, slice));
    this.#place(wanted);
    void this.#viewer?.then((viewer) => viewer?.setSlice(wanted));
  }

  /** Writes down where the viewer is. */
  #place(slice: number): void {
    this.#slider.value = String(slice);
    const total = Number(this.#slider.max) + 1;
    const position = total > 1 ? `Slice ${slice + 1} of ${total}` : 'Single slice';
    const area = this.#areaText(slice);
    byId('position').textContent = position;
    byId('area').textContent = area === '' ? '' : ` · ${area}`;
    this.#slider.setAttribute('aria-valuetext', `${position}${area === '' ? '' : `, ${area}`}`);
    const cursor = byId('figures').querySelector('.cursor');
    const { left, right } = cursor?.closest('svg')?.dataset ?? {};
    if (!cursor || left === undefined || right === undefined) return;
    const x = String(Number(left) + (slice / Math.max(1, total - 1)) * (Number(right) - Number(left)));
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
  }

  #areaText(slice: number): string {
    if (!this.#measurement) return '';
    const { areas, unit } = curveOf(this.#measurement.quantities);
    const area = areas[slice] ?? 0;
    if (area === 0) return 'no infection marked';
    const text = area.toLocaleString('en', { maximumFractionDigits: unit === 'mm²' ? 0 : 2 });
    return unit === 'mm²' ? `${text} mm² infected` : `${text} % of the image infected`;
  }

  #mostInfected(): number {
    if (!this.#measurement) return this.#slice;
    const { areas } = curveOf(this.#measurement.quantities);
    const most = Math.max(...areas);
    return most > 0 ? areas.indexOf(most) : Math.floor(areas.length / 2);
  }

  #showFigures(measurement: Measurement): void {
    this.#measurement = measurement;
    const figures = byId('figures');
    putReportHtml(figures, figuresHtml(this.#segmented!, measurement));
    figures.setAttribute('aria-busy', 'false');
    const svg = figures.querySelector<SVGSVGElement>('svg.curve');
    const jump = (event: PointerEvent): void => {
      const box = svg!.getBoundingClientRect();
      const { left = '0', right = '1', width = '1' } = svg!.dataset;
      const x = ((event.clientX - box.left) / box.width) * Number(width);
      this.#goTo(
        Math.round(((x - Number(left)) / (Number(right) - Number(left))) * Number(this.#slider.max)),
      );
    };
    svg?.addEventListener('pointerdown', jump);
    svg?.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) jump(event);
    });
    this.#place(this.#slice);
  }

  #moveThreshold(): void {
    byId('threshold-value').textContent = this.threshold.toFixed(2);
    byId('figures').setAttribute('aria-busy', 'true');
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => void this.#measureAgain(), REST_MS);
  }

  async #measureAgain(): Promise<void> {
    const volume = this.#segmented?.volume;
    const threshold = this.threshold;
    const measurement = await volume?.measure(threshold).catch(() => undefined);
    if (measurement && this.#segmented?.volume === volume && this.threshold === threshold) {
      this.#showFigures(measurement);
      // Behind the figures: a large volume keeps a GPU that is imitated in software busy for seconds.
      requestAnimationFrame(() =>
        setTimeout(() => void this.#viewer?.then((viewer) => viewer?.setThreshold(threshold))),
      );
    }
  }

  async #saveMask(): Promise<void> {
    const segmented = this.#segmented;
    if (!segmented) return;
    const { volume, model, pool, name } = segmented;
    const format = PICTURES.has(volume.about.format) ? 'png' : 'nii.gz';
    const about = `Inf-Net ${model.name} ${model.sha256?.slice(0, 8) ?? ''} p>=${this.threshold} ${pool.backend.name}`;
    const bytes = await volume.encodeMask(format, {
      threshold: this.threshold,
      description: about.replaceAll(/[^ -~]/g, '_').slice(0, 79),
    });
    saveAs(
      `${stemOf(name)}-infection.${format}`,
      bytes as Uint8Array<ArrayBuffer>,
      'application/octet-stream',
    );
  }

  async #saveReport(): Promise<void> {
    if (!this.#segmented) return;
    const threshold = this.threshold;
    const measurement = await this.#segmented.volume.measure(threshold);
    const html = await reportOf(this.#segmented, measurement, threshold);
    saveAs(`${stemOf(this.#segmented.name)}-report.html`, html, 'text/html');
  }
}

/** A file's name without what it is packed as. */
function stemOf(name: string): string {
  return name.replace(/\.(nii\.gz|nii|nrrd|mha|mhd|zip|dcm|png|jpe?g|tiff?)$/i, '') || 'image';
}
