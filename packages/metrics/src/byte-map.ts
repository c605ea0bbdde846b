import type { Comparison, Definition } from './definition.js';
import type { ByteMask } from './foreground.js';
import { bytesOf, type Shape } from './inputs.js';
import { binOf, type BinCounts, type MapStatistics, type SweepCounts } from './map-statistics.js';
import { isBlank, QUADRANTS, type MaskGeometry } from './mask-geometry.js';
import type { Moments } from './moments.js';
import { binaryWarning, stretchOf } from './stretch.js';

/** Counters of one joint histogram: 256 levels over background, then 256 over foreground. */
const BINS = 512;

/**
 * Statistics of an 8-bit map: the pixels are read once, everything after works on 256 levels.
 *
 * Thresholds are compared with the level values in the same floating-point arithmetic as pixel by pixel, so the counts
 * are identical, not close.
 */
export function openByteMap(
  prediction: Uint8Array | Uint8ClampedArray,
  mask: ByteMask,
  geometry: MaskGeometry,
  shape: Shape,
  definition: Definition,
): MapStatistics {
  const bytes = bytesOf(prediction);
  const perQuadrant = quadrantHistograms(bytes, mask, geometry, shape); // [4, 512]
  const histogram = new Uint32Array(BINS);
  for (let i = 0; i < perQuadrant.length; i++) histogram[i & (BINS - 1)]! += perQuadrant[i]!;

  const { min, max } = occupiedRange(histogram);
  const { maximum, low, gain } = stretchOf(prediction, min, max, definition);
  const levels = new Float64Array(256);
  for (let k = 0; k < levels.length; k++) levels[k] = (k / maximum - low) * gain;
  return {
    shape,
    pixels: bytes.length,
    mask,
    geometry,
    groups: Array.from({ length: QUADRANTS * 2 }, (_, group) =>
      levelMoments(perQuadrant, group * 256, levels),
    ),
    warnings: binaryWarning(prediction, max, definition),
    count: (thresholds, comparison) => countLevels(histogram, levels, thresholds, comparison),
    countDistinct: () => countOccupied(histogram, levels),
    bin: (bins) => binLevels(histogram, levels, bins),
    values: () => mapLevels(bytes, levels),
  };
}

/** Joint histograms [4 quadrants, 512]. */
function quadrantHistograms(
  prediction: Uint8Array,
  mask: ByteMask,
  { left, top }: MaskGeometry,
  { width, height }: Shape,
): Uint32Array {
  const pixels = { prediction: inWords(prediction), mask: inWords(mask.bytes), above: mask.above, width };
  const histograms = new Uint32Array(QUADRANTS * BINS);
  const copies = new Uint32Array(4 * BINS);
  const blocks: readonly Block[] = [
    { from: 0, to: left, first: 0, last: top },
    { from: left, to: width, first: 0, last: top },
    { from: 0, to: left, first: top, last: height },
    { from: left, to: width, first: top, last: height },
  ];
  blocks.forEach((block, quadrant) => {
    copies.fill(0);
    countBlock(copies, pixels, block);
    for (let bin = 0; bin < BINS; bin++) {
      histograms[quadrant * BINS + bin] =
        copies[bin]! + copies[BINS + bin]! + copies[2 * BINS + bin]! + copies[3 * BINS + bin]!;
    }
  });
  return histograms;
}

/** Columns [from, to) of the rows [first, last). */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** The same memory as bytes and as words of four. */
interface Words {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Bytes that do not start on a word are copied. */
function inWords(bytes: Uint8Array): Words {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return { bytes: aligned, words: new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2) };
}

/** Both inputs of the joint pass. */
interface Pixels {
  readonly prediction: Words;
  readonly mask: Words;
  readonly above: number;
  readonly width: number;
}

/**
 * Counts the pixels of a block. Four at a time go to four copies of the histogram, [4, 512], so that neighbours do not wait
 * on one counter; four alike (one class, and all 0 or all 255), as most are in most maps, are counted at once.
 */
function countBlock(copies: Uint32Array, pixels: Pixels, { from, to, first, last }: Block): void {
  const { bytes, words } = pixels.prediction;
  const { bytes: maskBytes, words: maskWords } = pixels.mask;
  const lift = 255 - pixels.above; // (byte + lift) & 256 is set exactly where byte > above
  const ones = pixels.above === 0 ? 0x01010101 : -1;
  let [blackOutside, whiteOutside, blackInside, whiteInside] = [0, 0, 0, 0];
  for (let y = first; y < last; y++) {
    const rowEnd = y * pixels.width + to;
    const rowStart = y * pixels.width + from;
    const start = Math.min(rowEnd, (rowStart + 3) & ~3);
    const end = Math.max(start, rowEnd & ~3);
    for (let i = rowStart; i < start; i++) copies[bytes[i]! | ((maskBytes[i]! + lift) & 256)]!++;
    const endWord = end >> 2;
    for (let word = start >> 2; word < endWord; word++) {
      const p = words[word]!;
      const g = maskWords[word]!;
      if (g === 0) {
        if (p === 0) {
          blackOutside += 4;
          while (word + 4 < endWord && isBlank(words, word + 1) && isBlank(maskWords, word + 1)) {
            blackOutside += 16;
            word += 4;
          }
        } else if (p === -1) whiteOutside += 4;
        else {
          copies[p & 255]!++;
          copies[BINS + ((p >> 8) & 255)]!++;
          copies[2 * BINS + ((p >> 16) & 255)]!++;
          copies[3 * BINS + (p >>> 24)]!++;
        }
      } else if (p === -1 && (g === -1 || g === ones)) whiteInside += 4;
      else if (p === 0 && (g === -1 || g === ones)) blackInside += 4;
      else {
        copies[(p & 255) | (((g & 255) + lift) & 256)]!++;
        copies[BINS + (((p >> 8) & 255) | ((((g >> 8) & 255) + lift) & 256))]!++;
        copies[2 * BINS + (((p >> 16) & 255) | ((((g >> 16) & 255) + lift) & 256))]!++;
        copies[3 * BINS + ((p >>> 24) | (((g >>> 24) + lift) & 256))]!++;
      }
    }
    for (let i = end; i < rowEnd; i++) copies[bytes[i]! | ((maskBytes[i]! + lift) & 256)]!++;
  }
  copies[0]! += blackOutside;
  copies[255]! += whiteOutside;
  copies[256]! += blackInside;
  copies[511]! += whiteInside;
}

function occupiedRange(histogram: Uint32Array): { min: number; max: number } {
  let min = 255;
  let max = 0;
  for (let level = 0; level < 256; level++) {
    const occurrences = histogram[level]! + histogram[level + 256]!;
    if (occurrences === 0) continue;
    if (level < min) min = level;
    max = level;
  }
  return { min, max };
}

/** Measured from the first occupied level, so that a constant group has its exact mean and no spread at all. */
function levelMoments(histograms: Uint32Array, base: number, levels: Float64Array): Moments {
  let count = 0;
  let origin = 0;
  let sum = 0;
  for (let level = 0; level < 256; level++) {
    const occurrences = histograms[base + level]!;
    if (occurrences === 0) continue;
    if (count === 0) origin = levels[level]!;
    count += occurrences;
    sum += occurrences * (levels[level]! - origin);
  }
  if (count === 0) return { count, mean: 0, squaredDeviations: 0 };
  const mean = origin + sum / count;
  let squaredDeviations = 0;
  for (let level = 0; level < 256; level++) {
    const deviation = levels[level]! - mean;
    squaredDeviations += histograms[base + level]! * deviation * deviation;
  }
  return { count, mean, squaredDeviations };
}

/** Thresholds descend, so one pointer walks down the levels while they are predicted. */
function countLevels(
  histogram: Uint32Array,
  levels: Float64Array,
  thresholds: ArrayLike<number>,
  comparison: Comparison,
): SweepCounts {
  const truePositives = new Uint32Array(thresholds.length);
  const predicted = new Uint32Array(thresholds.length);
  const strict = comparison === '>';
  let level = 255;
  let hits = 0;
  let all = 0;
  for (let t = 0; t < thresholds.length; t++) {
    const threshold = thresholds[t]!;
    for (; level >= 0 && (strict ? levels[level]! > threshold : levels[level]! >= threshold); level--) {
      hits += histogram[level + 256]!;
      all += histogram[level]! + histogram[level + 256]!;
    }
    truePositives[t] = hits;
    predicted[t] = all;
  }
  return { truePositives, predicted };
}

function countOccupied(
  histogram: Uint32Array,
  levels: Float64Array,
): SweepCounts & { thresholds: Float64Array } {
  const thresholds = levels
    .filter((_, level) => histogram[level]! + histogram[level + 256]! > 0)
    .toReversed();
  return { thresholds, ...countLevels(histogram, levels, thresholds, '>=') };
}

function binLevels(histogram: Uint32Array, levels: Float64Array, bins: number): BinCounts {
  const values = new Uint32Array(bins);
  const sums = new Float64Array(bins);
  const foreground = new Uint32Array(bins);
  for (let level = 0; level < 256; level++) {
    const inside = histogram[level + 256]!;
    const all = histogram[level]! + inside;
    const bin = binOf(levels[level]!, bins);
    values[bin]! += all;
    sums[bin]! += all * levels[level]!;
    foreground[bin]! += inside;
  }
  return { values, sums, foreground };
}

function mapLevels(bytes: Uint8Array, levels: Float64Array): Float64Array {
  const values = new Float64Array(bytes.length);
  for (let i = 0; i < values.length; i++) values[i] = levels[bytes[i]!]!;
  return values;
}
