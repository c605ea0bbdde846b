/// <reference lib="dom" />
import type { PictureClass } from '../page-data.js';
import { AreaCurveView } from './area-curve.js';
import { CaseList } from './case-list.js';
import { readCase, type CasePictures } from './case-pictures.js';
import type { DecodedPicture } from './decode-picture.js';
import { drawPicture, type Layers } from './draw-picture.js';
import { byId, followSize, inputById } from './page-elements.js';

const PLAY_INTERVAL_MS = 110;
const LAYERS = ['contour', 'fill', 'probability', 'classes'] as const;

/** The page at work: one case open, one slice shown. */
class Viewer {
  readonly #canvas = byId('canvas') as HTMLCanvasElement;
  readonly #slider = inputById('slice');
  readonly #threshold = inputById('threshold');
  readonly #list: CaseList = new CaseList((index) => this.open(index));
  #case = -1;
  #pictures: CasePictures | undefined;
  #picture: DecodedPicture | undefined;
  #curve: AreaCurveView | undefined;
  #index = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    followSize(this.#canvas, () => this.#draw());
    this.#slider.addEventListener('input', () => this.show(Number(this.#slider.value)));
    byId('previous').addEventListener('click', () => this.step(-1));
    byId('next').addEventListener('click', () => this.step(1));
    byId('play').addEventListener('click', () => this.#play());
    byId('written').addEventListener('click', () => this.#resetThreshold());
    this.#threshold.addEventListener('input', () => this.#draw());
    for (const layer of LAYERS) byId(layer).addEventListener('change', () => this.#draw());
    this.#followPointer();
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Opens the case that the address names, or the first. */
  start(): void {
    const [, wanted] = /^#case-(\d+)$/.exec(location.hash) ?? [];
    this.open(Math.min(Math.max(Number(wanted ?? 1), 1), this.#list.count) - 1);
  }

  /** Opens a case at its slice with most infection. */
  open(index: number): void {
    if (index === this.#case) return;
    this.#stop();
    this.#case = index;
    this.#pictures = readCase(index);
    const { count, about } = this.#pictures;
    for (const panel of document.querySelectorAll<HTMLElement>('.case-panel')) {
      panel.hidden = Number(panel.dataset['case']) !== index;
    }
    this.#slider.max = String(count - 1);
    byId('paging').hidden = count < 2;
    for (const side of document.querySelectorAll<HTMLElement>('.side')) side.hidden = !about.oriented;
    showClassLegend(about.classes ?? []);
    byId('stage').style.setProperty('--aspect', String(about.aspect));
    byId('case-name').textContent = byId(`panel-${index}`).dataset['name'] ?? '';
    this.#curve = new AreaCurveView(byId(`panel-${index}`), about.total, (slice) => {
      this.show(this.#pictures?.nearest(slice) ?? 0);
    });
    this.#list.mark(index);
    history.replaceState(undefined, '', `#case-${index + 1}`);
    this.show(about.first);
  }

  /** Goes `by` slices on; where a case has one slice, to the next case. */
  step(by: number): void {
    if ((this.#pictures?.count ?? 0) < 2) this.open(this.#list.neighbour(this.#case, by));
    else this.show(this.#index + by);
  }

  /** Shows a picture of the open case. */
  show(index: number): void {
    const pictures = this.#pictures;
    if (!pictures) return;
    this.#index = Math.min(Math.max(index, 0), pictures.count - 1);
    this.#slider.value = String(this.#index);
    const slice = pictures.about.slices[this.#index] ?? 0;
    const position =
      pictures.about.total > 1 ? `Slice ${slice + 1} of ${pictures.about.total}` : 'Single slice';
    const area = this.#areaText(slice);
    byId('position').textContent = position;
    byId('area').textContent = area;
    this.#slider.setAttribute('aria-valuetext', `${position}, ${area}`);
    if (this.#timer === undefined) byId('status').textContent = `${position}, ${area}`;
    this.#curve?.show(slice);
    void this.#fetch(pictures, this.#index);
  }

  /** Decodes a picture and draws it, unless another one is wanted by then. */
  async #fetch(pictures: CasePictures, index: number): Promise<void> {
    const picture = await pictures.at(index);
    if (this.#pictures !== pictures || this.#index !== index) return;
    this.#picture = picture;
    this.#draw();
  }

  #areaText(slice: number): string {
    const { areas, unit } = byId(`panel-${this.#case}`).dataset;
    const area = (JSON.parse(areas ?? '[]') as number[])[slice] ?? 0;
    if (area === 0) return 'no infection marked';
    const digits = unit === 'mm²' ? 0 : 2;
    const text = area.toLocaleString('en', { maximumFractionDigits: digits });
    return unit === 'mm²' ? `${text} mm² infected` : `${text} % of the image infected`;
  }

  #layers(): Layers {
    const [contour, fill, probability, classes] = LAYERS.map((layer) => inputById(layer).checked);
    return {
      contour: contour === true,
      fill: fill === true,
      probability: probability === true,
      classes: classes === true ? (this.#pictures?.about.classes ?? []) : [],
      threshold: Number(this.#threshold.value),
    };
  }

  #draw(): void {
    const layers = this.#layers();
    const written = Number(this.#threshold.dataset['written']);
    const preview = Math.abs(layers.threshold - written) > 1e-9;
    byId('threshold-value').textContent = layers.threshold.toFixed(2);
    byId('preview').hidden = !preview;
    byId('legend').hidden = !layers.probability;
    if (this.#picture) drawPicture(this.#canvas, this.#picture, layers);
  }

  #resetThreshold(): void {
    this.#threshold.value = this.#threshold.dataset['written'] ?? '0.5';
    this.#draw();
    this.#threshold.focus();
  }

  #play(): void {
    if (this.#timer !== undefined) {
      this.#stop();
      return;
    }
    byId('play').setAttribute('aria-pressed', 'true');
    this.#timer = setInterval(() => {
      this.show((this.#index + 1) % (this.#pictures?.count ?? 1));
    }, PLAY_INTERVAL_MS);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    byId('play').setAttribute('aria-pressed', 'false');
  }

  /** The probability under the pointer, and paging with the wheel. */
  #followPointer(): void {
    const readout = byId('readout');
    this.#canvas.addEventListener('pointermove', (event) => {
      const picture = this.#picture;
      if (!picture) return;
      const box = this.#canvas.getBoundingClientRect();
      const x = Math.floor(((event.clientX - box.left) / box.width) * picture.width);
      const y = Math.floor(((event.clientY - box.top) / box.height) * picture.height);
      const value = picture.probability[y * picture.width + x];
      readout.textContent = value === undefined ? '' : `p = ${(value / 255).toFixed(2)}`;
    });
    this.#canvas.addEventListener('pointerleave', () => {
      readout.textContent = '';
    });
    this.#canvas.addEventListener(
      'wheel',
      (event) => {
        if ((this.#pictures?.count ?? 0) < 2 || event.ctrlKey || event.deltaY === 0) return;
        event.preventDefault();
        this.show(this.#index + Math.sign(event.deltaY));
      },
      { passive: false },
    );
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    const inControl = target.matches('input[type=range], select, textarea');
    const onButton = target.matches('button, summary, a, input');
    const action = this.#actionOf(event.key, inControl, onButton);
    if (!action) return;
    event.preventDefault();
    action();
  }

  #actionOf(key: string, inControl: boolean, onButton: boolean): (() => void) | undefined {
    const toggle = (id: string) => (): void => byId(id).click();
    const last = (this.#pictures?.count ?? 1) - 1;
    const always: Readonly<Record<string, () => void>> = {
      c: toggle('contour'),
      f: toggle('fill'),
      p: toggle('probability'),
      l: toggle('classes'),
      m: () => this.show(this.#pictures?.about.first ?? 0),
      '[': () => this.open(this.#list.neighbour(this.#case, -1)),
      ']': () => this.open(this.#list.neighbour(this.#case, 1)),
    };
    const outsideControls: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.step(-1),
      ArrowRight: () => this.step(1),
      Home: () => this.show(0),
      End: () => this.show(last),
    };
    if (key === ' ' && !onButton && !inControl && last > 0) return () => this.#play();
    return always[key.toLowerCase()] ?? (inControl ? undefined : outsideControls[key]);
  }
}

/** Names the classes of the open case beside their colours; without classes there is no layer of them to choose. */
function showClassLegend(classes: readonly PictureClass[]): void {
  for (const element of document.querySelectorAll<HTMLElement>('.with-classes')) {
    element.hidden = classes.length === 0;
  }
  const entries = classes.map(({ name, colour }) => {
    const entry = document.createElement('span');
    const swatch = document.createElement('i');
    swatch.style.background = `rgb(${colour.join(' ')})`;
    entry.append(swatch, name);
    return entry;
  });
  byId('class-legend').replaceChildren(...entries);
}

/** Light, dark, or what the system says. */
function followTheme(): void {
  const button = byId('theme');
  button.addEventListener('click', () => {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    const now = document.documentElement.dataset['theme'] ?? system;
    document.documentElement.dataset['theme'] = now === 'dark' ? 'light' : 'dark';
  });
}

followTheme();
if (document.getElementById('canvas')) new Viewer().start();
