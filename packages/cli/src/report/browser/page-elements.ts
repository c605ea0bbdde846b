/// <reference lib="dom" />

/** The element with this id, which the page's HTML is known to hold. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element "${id}"`);
  return element;
}

/** As {@link byId}, for an input. */
export function inputById(id: string): HTMLInputElement {
  return byId(id) as HTMLInputElement;
}

/** Keeps a canvas as fine as the screen at its present size; `draw` is called when that changes. */
export function followSize(canvas: HTMLCanvasElement, draw: () => void): void {
  new ResizeObserver(() => {
    const scale = Math.min(globalThis.devicePixelRatio || 1, 2.5);
    const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale].map(Math.round);
    if (!width || !height || (canvas.width === width && canvas.height === height)) return;
    canvas.width = width;
    canvas.height = height;
    draw();
  }).observe(canvas);
}
