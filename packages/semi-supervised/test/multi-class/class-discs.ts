import { createModel, type ModelOf } from '@infnet/core-model';
import {
  resolveClassRecipe,
  type ClassSample,
  type ClassSliceIO,
  type NetworkRecipe,
} from '../../src/index.js';
import { io } from '../pgm-io.js';
import { discs } from '../tiny.js';

/** The pictures of tests, for label maps too. */
export const classIO: Required<ClassSliceIO> = {
  readGrey: (path) => io.readGrey(path),
  readLabels: (path) => io.readGrey(path),
  resize: io.resize,
  resizeNearest: io.resize,
};

/** Slices with a disc each: its upper part is class 1, its lower and brighter part class 2; every third has no class 2. */
export function classDiscs(count: number, size = 32): ClassSample[] {
  return discs(count, size).map(({ id, image, mask }, index) => {
    const rows = [...mask.data.keys()].filter((i) => mask.data[i] === 255).map((i) => Math.floor(i / size));
    const middle = index % 3 === 2 ? Infinity : (Math.min(...rows) + Math.max(...rows)) / 2;
    const labels = mask.data.map((value, i) => (value === 0 ? 0 : i / size < middle ? 1 : 2));
    const shown = image.data.map((grey, i) => (labels[i] === 2 ? grey + 60 : grey));
    return { id, image: { ...image, data: shown }, labels: { ...image, data: labels } };
  });
}

export function tinyClassifier(seed = 0): ModelOf<'multi-class-unet'> {
  return createModel('multi-class-unet', { width: 0.0625, seed });
}

export function tinyClassRecipe(overrides: Partial<NetworkRecipe> = {}): NetworkRecipe {
  return resolveClassRecipe('short', {
    size: 32,
    batchSize: 3,
    epochs: 3,
    warmupSteps: 2,
    augment: 'full',
    ...overrides,
  });
}
