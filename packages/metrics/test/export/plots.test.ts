import { describe, expect, it } from 'vitest';
import {
  DatasetEvaluator,
  pooledPrecisionRecall,
  pooledReliability,
  pooledRoc,
  VERSION,
} from '../../src/index.js';
import {
  plotSvg,
  precisionRecallSvg,
  reliabilitySvg,
  rocSvg,
  thresholdCurveSvg,
} from '../../src/entry/export.js';
import { randomGenerator } from '../support/random.js';
import { HOSTILE, systems } from '../support/systems.js';

const compared = systems(['ours', HOSTILE]);

/** Tags that are not closed, in a document without comments and CDATA; throws for what is no tag. */
function openTags(xml: string): string[] {
  const open: string[] = [];
  for (const [tag] of xml.matchAll(/<[^>]*>/g)) {
    const match = /^<(\/?)([a-z]+)(?: [a-zA-Z-]+="[^"<]*")*(\/?)>$/.exec(tag);
    if (!match) throw new Error(`no tag: ${tag}`);
    if (match[1] === '/') {
      if (open.pop() !== match[2]) throw new Error(`closes nothing: ${tag}`);
    } else if (match[3] !== '/') open.push(match[2]!);
  }
  return open;
}

describe.each([
  ['threshold curve', thresholdCurveSvg(compared, 'dice')],
  ['precision and recall', precisionRecallSvg(compared)],
  ['ROC', rocSvg(compared)],
  ['reliability', reliabilitySvg(compared)],
])('%s', (_, svg) => {
  it('is well-formed, whatever the names are', () => {
    expect(openTags(svg)).toEqual([]);
    expect(svg).not.toContain('<script');
    expect(svg.replaceAll(/&(?:amp|lt|gt|quot);/g, '')).not.toContain('&');
  });

  it('draws every system inside, names it, and carries the definition', () => {
    expect(svg.match(/stroke-linejoin/g)).toHaveLength(2);
    expect(svg).toContain('>ours');
    expect(svg).toMatch(new RegExp(`<desc>protocol standard.*${VERSION}</desc>`));
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
    for (const [, x, y] of svg.matchAll(/[ML]([\d.]+) ([\d.]+)/g)) {
      expect(Number(x)).toBeLessThanOrEqual(width!);
      expect(Number(y)).toBeLessThanOrEqual(height!);
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('plotSvg', () => {
  const plot = { title: 't', xLabel: 'x', yLabel: 'y', definition: '' };

  it('breaks a line where a value is not defined, and leaves out what XML forbids', () => {
    const svg = plotSvg({
      ...plot,
      title: 'a\u0000b\uD800c',
      lines: [
        {
          name: 'n',
          points: [
            [0, 0],
            [0.2, NaN],
            [0.4, 1],
            [0.5, 0],
          ],
        },
      ],
    });
    expect(/ d="(M[^"]*)" fill="none"/.exec(svg)![1]!.match(/[ML]/g)!.join('')).toBe('MML');
    expect(svg).toContain('>abc</text>');
    expect(openTags(svg)).toEqual([]);
  });

  it('keeps points outside 0..1 at the border', () => {
    const svg = plotSvg({
      ...plot,
      lines: [
        {
          name: 'n',
          points: [
            [-5, 2],
            [7, -3],
          ],
        },
      ],
    });
    expect(/ d="(M[^"]*)" fill="none"/.exec(svg)![1]).toBe('M52.0 34.0L446.0 256.0');
  });
});

describe('pooled curves', () => {
  const random = randomGenerator(6);
  const levels = Uint8Array.from({ length: 400 }, () => Math.floor(256 * random()));
  const truth = levels.map((level) => (random() * 255 < level ? 1 : 0));
  const evaluator = new DatasetEvaluator();
  evaluator.add('first', levels.subarray(0, 150), truth.subarray(0, 150), { width: 15, height: 10 });
  evaluator.add('second', levels.subarray(150), truth.subarray(150), { width: 25, height: 10 });
  const summary = evaluator.summary();

  it('ROC area is the share of pairs of pixels ranked right, ties half', () => {
    let [right, pairs] = [0, 0];
    levels.forEach((high, i) => {
      if (truth[i] === 0) return;
      levels.forEach((low, j) => {
        if (truth[j] === 1) return;
        pairs++;
        right += high > low ? 1 : high === low ? 0.5 : 0;
      });
    });
    expect(pooledRoc(summary).area).toBeCloseTo(right / pairs, 12);
  });

  it('average precision is the sum over the ranked foreground pixels', () => {
    const foreground = truth.filter((value) => value === 1).length;
    const wanted = [...new Set(levels)].reduce((sum, level) => {
      const predicted = levels.filter((other) => other >= level).length;
      const hits = levels.filter((other, i) => other >= level && truth[i] === 1).length;
      const own = levels.filter((other, i) => other === level && truth[i] === 1).length;
      return sum + ((own / foreground) * hits) / predicted;
    }, 0);
    expect(pooledPrecisionRecall(summary).area).toBeCloseTo(wanted, 12);
  });

  it('reliability: each bin by hand; all pixels are in one', () => {
    const bins = pooledReliability(summary, { bins: 5 });
    expect(bins.reduce((sum, { pixels }) => sum + pixels, 0)).toBe(400);
    for (const { from, to, pixels, confidence, frequency } of bins) {
      const inside = [...levels.keys()].filter((i) => {
        const value = levels[i]! / 255;
        return value >= from && (value < to || to === 1);
      });
      expect(pixels).toBe(inside.length);
      expect(confidence).toBeCloseTo(inside.reduce((sum, i) => sum + levels[i]! / 255, 0) / pixels, 12);
      expect(frequency).toBeCloseTo(inside.filter((i) => truth[i] === 1).length / pixels, 12);
    }
    expect(() => pooledReliability(summary, { bins: 0 })).toThrow(
      expect.objectContaining({ code: 'invalid-option' }),
    );
  });

  it('of one class only: no curve, NaN', () => {
    const healthy = new DatasetEvaluator();
    healthy.add('a', levels, new Uint8Array(400), { width: 20, height: 20 });
    expect(pooledRoc(healthy.summary())).toEqual({ points: [], area: NaN });
    expect(pooledPrecisionRecall(healthy.summary())).toEqual({ points: [], area: NaN });
    expect(rocSvg([{ name: 'x', summary: healthy.summary() }])).toContain('AUC n/a');
  });
});
