import type { Colour } from './encode-png.js';

/** Orange and blue are told apart by everybody; the rest follows where there are more classes. */
const COLOURS: readonly Colour[] = [
  [255, 170, 60],
  [80, 150, 255],
  [70, 205, 130],
  [205, 110, 230],
  [240, 225, 90],
  [235, 90, 110],
];

/** The colour that a label is shown in, in pictures and on pages: black for the background, 0. */
export function labelColour(label: number): Colour {
  return label === 0 ? [0, 0, 0] : COLOURS[(label - 1) % COLOURS.length]!;
}
