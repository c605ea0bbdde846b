/// <reference lib="dom" />

/** The cursor of a case's curve, and clicks and drags on it. */
export class AreaCurveView {
  readonly #svg: SVGSVGElement | null;
  readonly #last: number;

  /** @param jump called with a slice of the volume */
  constructor(panel: HTMLElement, slices: number, jump: (slice: number) => void) {
    this.#svg = panel.querySelector('svg.curve');
    this.#last = Math.max(1, slices - 1);
    this.#svg?.addEventListener('pointerdown', (event) => {
      this.#svg?.setPointerCapture(event.pointerId);
      jump(this.#sliceAt(event));
    });
    this.#svg?.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) jump(this.#sliceAt(event));
    });
  }

  /** Moves the cursor to a slice. */
  show(slice: number): void {
    const cursor = this.#svg?.querySelector('.cursor');
    const x = String(this.#left + (slice / this.#last) * (this.#right - this.#left));
    cursor?.setAttribute('x1', x);
    cursor?.setAttribute('x2', x);
  }

  #sliceAt(event: PointerEvent): number {
    const box = this.#svg!.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.#number('width');
    const share = (x - this.#left) / (this.#right - this.#left);
    return Math.round(Math.min(1, Math.max(0, share)) * this.#last);
  }

  get #left(): number {
    return this.#number('left');
  }

  get #right(): number {
    return this.#number('right');
  }

  #number(name: string): number {
    return Number(this.#svg?.dataset[name]);
  }
}
