import { OptionError } from '../errors.js';
import type * as tf from '@tensorflow/tfjs-core';

/** What every network but Inf-Net is made by; plain JSON, stored with every model file. */
export interface SliceNetworkOptions {
  /** Multiplier on every channel count. Default 1. */
  readonly width: number;
  /** Channels of the prediction: 1 for infection, 3 for ground-glass opacity, consolidation and background. */
  readonly classes: number;
  /** The images have six channels: the slice's three, and three of an infection map (see `guidedImages`). */
  readonly prior: boolean;
}

/** For infection. */
export const BINARY: SliceNetworkOptions = { width: 1, classes: 1, prior: false };

/** For ground-glass opacity, consolidation and background. */
export const MULTI_CLASS: SliceNetworkOptions = { width: 1, classes: 3, prior: false };

/** The one map of a network other than Inf-Net. */
export type SliceNetworkOutputs = {
  /** Logits, [B,H,W,classes], at the size of the input. */
  readonly logits: tf.Tensor4D;
};

/** @throws {OptionError} naming the option that is out of range. */
function checkSliceOptions({ width, classes, prior }: SliceNetworkOptions): void {
  checkWidth(width);
  if (!(Number.isInteger(classes) && classes >= 1 && classes <= 256)) {
    throw new OptionError(`classes is ${classes}`, 'give a whole number from 1 to 256');
  }
  if (typeof prior !== 'boolean') throw new OptionError(`prior is ${String(prior)}`, 'give true or false');
}

/** @throws {OptionError} for a channel multiplier out of range. */
export function checkWidth(width: number): void {
  if (!(width > 0 && width <= 8)) {
    throw new OptionError(`width is ${width}`, 'give a number above 0, up to 8');
  }
}

/** Four counts of blocks. @throws {OptionError} */
export function checkBlocks(blocks: readonly number[]): readonly [number, number, number, number] {
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 128;
  if (!Array.isArray(blocks) || blocks.length !== 4 || !blocks.every(isCount)) {
    throw new OptionError(
      `blocks is ${JSON.stringify(blocks)}`,
      'give four whole numbers from 1 to 128, such as [3, 4, 6, 3]',
    );
  }
  const [one, two, three, four] = blocks as [number, number, number, number];
  return [one, two, three, four];
}

/** A channel count times the multiplier, at least 1. */
export function scaledBy(width: number): (channels: number) => number {
  return (channels) => Math.max(1, Math.round(channels * width));
}

/** Fills in `defaults`, checks ranges, drops what is no option. @throws {OptionError} naming the option. */
export function resolveSliceOptions(
  defaults: SliceNetworkOptions,
  options: Partial<SliceNetworkOptions>,
): SliceNetworkOptions {
  const { width, classes, prior } = { ...defaults, ...options };
  checkSliceOptions({ width, classes, prior });
  return { width, classes, prior };
}

/** Channels of the images: a slice's three, and three more of an infection map. */
export function imageChannels(prior: boolean): 3 | 6 {
  return prior ? 6 : 3;
}

/** Traits that these networks have in common. */
export function sliceTraits(
  { classes, prior }: SliceNetworkOptions,
  inputMultiple: number,
  minimumSize: number = inputMultiple,
): {
  inputChannels: number;
  classes: number;
  inputMultiple: number;
  minimumSize: number;
  outputs: readonly ['logits'];
  prediction: 'logits';
} {
  return {
    inputChannels: imageChannels(prior),
    classes,
    inputMultiple,
    minimumSize,
    outputs: ['logits'],
    prediction: 'logits',
  };
}

/**
 * `Architecture.keepAllUpTo` of a network whose memory grows with the width: the pixels at width 1. Reckoned, not measured,
 * and on the safe side: as many times fewer than 110,000 as the tensors of their forward pass are larger than Inf-Net's,
 * which has since been measured to fit three times that.
 */
export function keepAllBelow(pixels: number): (options: { readonly width: number }) => number {
  return ({ width }) => pixels / width;
}
