/// <reference lib="dom" />
import { readCase } from './case-pictures.js';
import { drawPicture } from './draw-picture.js';
import { byId } from './page-elements.js';

/** The list of cases: thumbnails, sorting, and which one is open. */
export class CaseList {
  readonly #buttons: readonly HTMLButtonElement[];

  /** @param open called with the number of the case that was clicked */
  constructor(open: (index: number) => void) {
    const list = byId('cases');
    this.#buttons = [...list.querySelectorAll<HTMLButtonElement>('button')];
    for (const button of this.#buttons) {
      button.addEventListener('click', () => open(Number(button.dataset['case'])));
    }
    const order = document.getElementById('order') as HTMLSelectElement | null;
    order?.addEventListener('change', () => this.#sort(list, order.value));
    this.#drawThumbnailsWhenSeen();
  }

  /** Number of cases. */
  get count(): number {
    return this.#buttons.length;
  }

  /** Marks the open case. */
  mark(index: number): void {
    for (const button of this.#buttons) {
      const current = Number(button.dataset['case']) === index;
      button.setAttribute('aria-current', String(current));
      if (current) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  /** The case that follows or precedes in the order of the list; the same at its ends. */
  neighbour(index: number, step: number): number {
    const order = [...byId('cases').querySelectorAll<HTMLButtonElement>('button')].map((button) =>
      Number(button.dataset['case']),
    );
    return order[order.indexOf(index) + step] ?? index;
  }

  #sort(list: HTMLElement, key: string): void {
    const items = this.#buttons.map((button) => button.closest('li')!);
    if (key === 'share') {
      items.sort((a, b) => Number(b.dataset['share']) - Number(a.dataset['share']));
    } else if (key === 'name') {
      items.sort((a, b) =>
        a.dataset['name']!.localeCompare(b.dataset['name']!, undefined, { numeric: true }),
      );
    }
    list.append(...items);
  }

  #drawThumbnailsWhenSeen(): void {
    const observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        void drawThumbnail(target as HTMLCanvasElement);
      }
    });
    document.querySelectorAll('canvas.thumb').forEach((canvas) => observer.observe(canvas));
  }
}

async function drawThumbnail(canvas: HTMLCanvasElement): Promise<void> {
  const pictures = readCase(Number(canvas.dataset['case']));
  const picture = await pictures.at(pictures.about.first);
  const layers = {
    contour: false,
    fill: true,
    probability: false,
    classes: pictures.about.classes ?? [],
    threshold: Number(canvas.dataset['threshold']),
  };
  drawPicture(canvas, picture, layers);
}
