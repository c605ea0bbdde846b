import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { chooseSlices } from '../../src/report/choose-slices.js';
import { curveSvg } from '../../src/report/curve.js';
import { encodePicture } from '../../src/report/encode-picture.js';
import type { PageCase, PageData } from '../../src/report/page-data.js';
import { reportPage } from '../../src/report/report-page.js';
import { withoutModuleSyntax } from '../../src/report/viewer-script.js';

const HOSTILE = `</script><img src=x onerror=alert(1)>"'&`;

const flat = new Uint8Array(16).fill(9);
const picture = await encodePicture({ width: 4, height: 4, grey: flat, probability: flat });

function pageCase(name: string, slices: number, shown: number): PageCase {
  const areas = Array.from({ length: slices }, (_, i) => i);
  const chosen = chooseSlices(areas, shown);
  return {
    name,
    finding: `${name} found`,
    share: 0.1,
    cards: [{ label: 'Infected volume', value: '3.0 ml', note: name }],
    facts: [{ label: 'Mask', value: name }],
    warnings: [name],
    checks: [{ message: name, hint: name }],
    zones: null,
    tables: [{ title: name, columns: ['', name], rows: [[name, name]], method: name }],
    curve: { unit: 'mm²', areas },
    pictures: {
      width: 4,
      height: 4,
      aspect: 1,
      oriented: true,
      slices: chosen,
      total: slices,
      first: chosen.length - 1,
      encoded: chosen.map(() => picture),
    },
  };
}

function page(over: Partial<PageData> = {}): string {
  const data: PageData = {
    created: 'now',
    version: '0',
    facts: [{ label: 'Model', value: HOSTILE }],
    chips: [{ label: 'model', value: HOSTILE }],
    threshold: 0.5,
    notices: [HOSTILE],
    cases: [pageCase(HOSTILE, 40, 10)],
    failures: [{ input: HOSTILE, code: 'x', message: HOSTILE, hint: HOSTILE }],
    comparisons: [{ title: HOSTILE, columns: [HOSTILE], rows: [[HOSTILE]], method: HOSTILE }],
    ...over,
  };
  return reportPage(data, 'void 0;');
}

describe('the page', () => {
  it('lets no text of a file name or message become markup', () => {
    expect(page()).not.toContain('<img');
    expect(page()).not.toContain('onerror=alert(1)>"');
  });

  it('keeps to itself: a policy that forbids requests, and no address', () => {
    expect(page()).toContain(`default-src 'none'`);
    expect(page()).not.toMatch(/https?:/);
  });

  it('says when it shows a part of the slices, and only then', () => {
    expect(page()).toContain('10 of 40 slices');
    expect(page({ cases: [pageCase('a', 5, 10)] })).not.toContain('of 5 slices');
  });

  it('has a table of all numbers where there are several cases, and shows failures without any case', () => {
    expect(page({ cases: [pageCase('a', 1, 1), pageCase('b', 3, 3)] })).toContain('All numbers in one table');
    const failed = page({ cases: [] });
    expect(failed).toContain('could not be segmented');
    expect(failed).not.toContain('id="canvas"');
  });

  it('names every control', () => {
    const html = page({ cases: [pageCase('a', 3, 3)] });
    const buttons = [...html.matchAll(/<button[^>]*>([^<]*)/g)];
    expect(buttons.length).toBeGreaterThan(4);
    for (const [tag, text] of buttons)
      expect(/aria-label="/.test(tag) || /data-case/.test(tag) || text!.trim().length > 1).toBe(true);
    expect(html).toContain('aria-live="polite"');
    expect(html).toContain('<html lang="en">');
  });
});

describe('slices on the page', () => {
  it('are all of them, or an even choice with first, last and largest', () => {
    expect(chooseSlices([1, 2, 3], 5)).toEqual([0, 1, 2]);
    const areas = Array.from({ length: 100 }, (_, i) => (i === 37 ? 9 : 0));
    const chosen = chooseSlices(areas, 12);
    expect(chosen.length).toBeLessThanOrEqual(12);
    expect(chosen).toContain(37);
    expect(chosen[0]).toBe(0);
    expect(chosen.at(-1)).toBe(99);
    expect(chosen.toSorted((a, b) => a - b)).toEqual(chosen);
  });
});

describe('the curve', () => {
  it('has a point for every slice, inside the drawing', () => {
    const svg = curveSvg({ unit: 'mm²', areas: [0, 120, 431.5, 60] });
    const points = /polyline class="line" points="([^"]+)"/.exec(svg)![1]!.split(' ');
    expect(points).toHaveLength(4);
    const heights = points.map((point) => Number(point.split(',')[1]));
    expect(Math.min(...heights)).toBe(heights[2]);
    expect(heights.every((y) => y >= 0 && y <= 140)).toBe(true);
    expect(svg).toContain('slice 3');
  });

  it('stands where nothing is infected', () => {
    expect(curveSvg({ unit: '% of the image', areas: [0, 0] })).not.toMatch(/NaN|Infinity/);
  });
});

describe('the script', () => {
  it('is modules without their syntax', async () => {
    const { viewerScript } = (await import(
      new URL('../../dist/report/viewer-script.js', import.meta.url).href
    )) as { viewerScript: () => Promise<string> };
    const script = await viewerScript();
    expect(script).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(script).not.toContain('</script');
    expect(() => new Script(script)).not.toThrow();
  });

  it('drops imports over several lines, and keeps words that only look alike', () => {
    const source = `import {\n  a,\n  b,\n} from './a.js';\nexport class Important {}\nexport { };\nconst exported = 1;\n`;
    expect(withoutModuleSyntax(source).trim()).toBe('class Important {}\n\nconst exported = 1;');
  });
});
