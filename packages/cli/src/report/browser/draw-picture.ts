/// <reference lib="dom" />
import type { PictureClass } from '../page-data.js';
import { contourLines } from './contour.js';
import type { DecodedPicture } from './decode-picture.js';

/** What is laid over the grey picture. */
export interface Layers {
  readonly contour: boolean;
  readonly fill: boolean;
  readonly probability: boolean;
  /** Colours of the classes by label from 1 on; none are shown where it is empty. */
  readonly classes: readonly PictureClass[];
  /** Probability from which a pixel counts as infected. */
  readonly threshold: number;
}

/** Colour of infection in contour and fill. */
const INFECTION = [255, 92, 80] as const;

/** Draws the picture over the whole canvas, at the canvas' own resolution. */
export function drawPicture(canvas: HTMLCanvasElement, picture: DecodedPicture, layers: Layers): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = picture;
  const [scaleX, scaleY] = [canvas.width / width, canvas.height / height];
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, canvas.width, canvas.height);
  const paint = (image: ImageData): void => {
    const layer = document.createElement('canvas');
    layer.width = width;
    layer.height = height;
    layer.getContext('2d')?.putImageData(image, 0, 0);
    context.drawImage(layer, 0, 0, canvas.width, canvas.height);
  };
  paint(greyImage(picture));
  if (layers.probability) paint(heatImage(picture));
  if (layers.fill) paint(fillImage(picture, layers.threshold));
  if (layers.classes.length > 0) paint(classImage(picture, layers.classes));
  if (layers.contour) {
    const lines = contourLines(picture.probability, width, height, 255 * layers.threshold);
    const path = new Path2D();
    for (let i = 0; i < lines.length; i += 4) {
      path.moveTo(lines[i]! * scaleX, lines[i + 1]! * scaleY);
      path.lineTo(lines[i + 2]! * scaleX, lines[i + 3]! * scaleY);
    }
    const thickness = Math.max(1, canvas.width / 420);
    context.lineCap = 'round';
    // A dark rim keeps the line visible on bright bone.
    context.strokeStyle = 'rgb(0 0 0 / 55%)';
    context.lineWidth = 2.6 * thickness;
    context.stroke(path);
    context.strokeStyle = `rgb(${INFECTION.join(' ')})`;
    context.lineWidth = 1.4 * thickness;
    context.stroke(path);
  }
}

function greyImage({ width, height, grey }: DecodedPicture): ImageData {
  const image = new ImageData(width, height);
  grey.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  return image;
}

/** Half-transparent colour where the probability reaches the threshold, with an edge of one pixel. */
function fillImage({ width, height, probability }: DecodedPicture, threshold: number): ImageData {
  const image = new ImageData(width, height);
  const level = 255 * threshold;
  probability.forEach((value, i) => {
    if (value >= level) image.data.set([...INFECTION, 105], 4 * i);
  });
  return image;
}

/** Each class in its colour, half transparent. */
function classImage({ width, height, labels }: DecodedPicture, classes: readonly PictureClass[]): ImageData {
  const image = new ImageData(width, height);
  labels.forEach((label, i) => {
    const shown = classes[label - 1];
    if (shown !== undefined) image.data.set([...shown.colour, 140], 4 * i);
  });
  return image;
}

/** From transparent violet over red to opaque yellow as the probability rises. */
function heatImage({ width, height, probability }: DecodedPicture): ImageData {
  const image = new ImageData(width, height);
  probability.forEach((value, i) => image.data.set(heatColour(value / 255), 4 * i));
  return image;
}

/** Red, green, blue, alpha of a probability. */
export function heatColour(p: number): [number, number, number, number] {
  const position = p * (HEAT.length - 1);
  const below = Math.min(Math.floor(position), HEAT.length - 2);
  const mix = (channel: 0 | 1 | 2 | 3): number => {
    const [low, high] = [HEAT[below]![channel], HEAT[below + 1]![channel]];
    return Math.round(low + (high - low) * (position - below));
  };
  return [mix(0), mix(1), mix(2), mix(3)];
}

/** Stops of the scale at p = 0, 1/4, 1/2, 3/4, 1. */
const HEAT: readonly (readonly [number, number, number, number])[] = [
  [60, 20, 120, 0],
  [110, 30, 150, 120],
  [205, 50, 100, 170],
  [250, 130, 45, 195],
  [252, 235, 120, 215],
];
