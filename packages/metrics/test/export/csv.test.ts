import { describe, expect, it } from 'vitest';
import { MeasureTable, MetricsError, SCORE_NAMES, VERSION } from '../../src/index.js';
import { casesCsv, csvTable, curvesCsv, measuresCsv, summaryCsv } from '../../src/entry/export.js';
import { HOSTILE, systems } from '../support/systems.js';

/** A reader of RFC 4180, strict: anything that its grammar does not allow throws. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at));
      if (!match) throw new Error(`no field at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
      row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
      at += match[0].length;
      if (match[3] === '\r\n') break;
    }
    rows.push(row);
  }
  return rows;
}

const compared = systems(['ours', HOSTILE]);
const scores = SCORE_NAMES.filter((name) => name !== 'weightedF');

describe('CSV', () => {
  it('has a row per case with every score, exactly, and its definition', () => {
    const [header, ...rows] = parse(casesCsv(compared));
    expect(rows).toHaveLength(24);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([header!.length]));
    const column = (name: string): number => header!.indexOf(name);
    compared
      .flatMap(({ summary }) => summary.rows)
      .forEach((row, i) => {
        for (const score of scores) {
          const wanted = row.scores[score];
          expect(rows[i]![column(score)]).toBe(Number.isNaN(wanted) ? '' : String(wanted));
        }
        expect(rows[i]![column('definition')]).toContain(`protocol standard`);
        expect(rows[i]![column('definition')]).toContain(VERSION);
      });
  });

  it('lets no name become a formula or leave its cell', () => {
    const cells = [casesCsv(compared), summaryCsv(compared), curvesCsv(compared)].flatMap(parse).flat();
    const isNumber = (cell: string): boolean => cell !== '' && !Number.isNaN(Number(cell));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell) && !isNumber(cell))).toEqual([]);
    expect(cells.filter((cell) => cell === `'${HOSTILE}`).length).toBeGreaterThan(0);
  });

  it.each(['=1', '+1', '-1', '@x', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])('defuses %j', (cell) => {
    expect(parse(csvTable(['a'], [[cell]]))[1]).toEqual([`'${cell}`]);
  });

  it('leaves numbers and other text alone', () => {
    expect(csvTable(['a', 'b', 'c', 'd'], [[-1.5, 'a-b', NaN, Infinity]])).toBe(
      'a,b,c,d\r\n-1.5,a-b,,Infinity\r\n',
    );
  });

  it('of the summary says over how many cases', () => {
    const [header, ...rows] = parse(
      summaryCsv([{ ...compared[0]!, intervals: { diceAtHalf: { low: 0.25, high: 0.75 } } }]),
    );
    const row = rows.find((cells) => cells[1] === 'diceAtHalf')!;
    const cell = (name: string): string => row[header!.indexOf(name)]!;
    const { value, n, excluded } = compared[0]!.summary.scores.diceAtHalf;
    expect([cell('value'), cell('n'), cell('excluded')]).toEqual([value, n, excluded].map(String));
    expect([cell('low'), cell('high')]).toEqual(['0.25', '0.75']);
    expect(Number(cell('caseSd'))).toBeGreaterThan(0);
    expect(excluded).toBe(1);
  });

  it('of curves has every threshold', () => {
    const rows = parse(curvesCsv(compared));
    expect(rows).toHaveLength(1 + 2 * 256);
    expect(Number(rows[1]![1])).toBe(1);
    expect(Number(rows[256]![1])).toBe(0);
  });

  it('of measures', () => {
    const table = new MeasureTable(['hd95']);
    table.add(HOSTILE, { hd95: Infinity });
    table.add('b', { hd95: NaN });
    expect(parse(measuresCsv(table.summary(), 'mm, pooled'))).toEqual([
      ['case', 'hd95', 'definition'],
      [`'${HOSTILE}`, 'Infinity', 'mm, pooled'],
      ['b', '', 'mm, pooled'],
    ]);
  });

  it('mixes no definitions', () => {
    const mixed = [...systems(['a']), ...systems(['b'], { protocol: 'infnet' })];
    expect(() => casesCsv(mixed)).toThrow(expect.objectContaining({ code: 'definition-mismatch' }));
    expect(() => casesCsv([])).toThrow(MetricsError);
  });
});
