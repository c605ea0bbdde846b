import { describe, expect, it } from 'vitest';
import { MeasureTable, SCORE_NAMES, VERSION } from '../../src/index.js';
import {
  columnOf,
  describeDefinition,
  measuresMarkdown,
  summaryJson,
  summaryLatex,
  summaryMarkdown,
} from '../../src/entry/export.js';
import { HOSTILE, systems } from '../support/systems.js';

const compared = systems(['ours', HOSTILE]);
const value = (i: number): string => compared[i]!.summary.scores.diceAtHalf.value.toFixed(3);

describe('columns', () => {
  it('of every score have a heading that is no bare measure, and a meaning', () => {
    const headings = SCORE_NAMES.map((score) => columnOf(score).heading);
    expect(new Set(headings).size).toBe(SCORE_NAMES.length);
    expect(headings).not.toContain('Dice');
    for (const score of SCORE_NAMES) expect(columnOf(score).meaning).toMatch(/\w{3,}.*(mean|best)/);
  });
});

describe('Markdown', () => {
  const table = summaryMarkdown(
    [{ ...compared[0]!, intervals: { diceAtHalf: { low: 0.5, high: 0.75 } } }, compared[1]!],
    { scores: ['diceAtHalf', 'meanAbsoluteError'] },
  );
  const lines = table.split('\n');

  it('has one line per system with as many cells as the header, whatever the names are', () => {
    const cells = (line: string): number => line.replaceAll(/\\./g, '').split('|').length;
    expect(lines.slice(0, 4).map(cells)).toEqual([6, 6, 6, 6]);
    expect(lines[2]).toContain(`**${value(0)}** [0.500, 0.750]`);
    expect(lines[3]).toContain(` ${value(1)} `);
    expect(table).not.toContain('<script>');
  });

  it('says what made the numbers and what they leave out', () => {
    expect(table).toContain('ours: Dice@0.5 leave out 1 of 12 cases');
    expect(table).toContain(VERSION);
    expect(table).toContain('protocol standard');
    expect(table).toMatch(/Dice@0\.5: Dice of the map cut at 0\.5/);
  });

  it('of measures, infinite ones too', () => {
    const measures = new MeasureTable(['hd95']);
    measures.add('a', { hd95: Infinity });
    expect(measuresMarkdown(measures.summary(), 'mm')).toContain('| hd95 | inf | n/a | 1 | 0 |');
  });
});

describe('LaTeX', () => {
  const details = { Backbone: 'Res2Net_50', 'Param.': '33.122 M' };
  const table = summaryLatex([{ ...compared[0]!, details }, compared[1]!]);

  it("has the columns of the paper's Table II, the best in bold", () => {
    expect(table).toContain(
      'Methods & Backbone & Param. & $\\mathrm{Dice}^{\\mathrm{mean}}$ & $\\mathrm{Sen.}^{\\mathrm{mean}}$ & $\\mathrm{Spec.}^{\\mathrm{mean}}$ & $S_\\alpha$ & $E_\\phi^{\\mathrm{mean}}$ & MAE \\\\',
    );
    expect(table).toContain('ours & Res2Net\\_50 & 33.122 M & \\textbf{');
  });

  it('prints hostile names, and runs nothing of them', () => {
    const row = table.split('\n').find((line) => line.includes('HYPERLINK'))!;
    expect(row).toContain('\\textbackslash{}end\\{table\\}');
    expect(table.match(/\\end\{table\}/g)).toHaveLength(1);
    const bare = row.replaceAll(
      /\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar)\{\}/g,
      '',
    );
    expect(bare.replaceAll(/\\[#$%&_{}]/g, '').replaceAll('\\\\', '')).not.toMatch(/[#$%_~^<>|]/);
    expect(summaryLatex(compared, { label: 'a}b{' })).toContain('\\label{a-b-}');
  });

  it('carries the definition in comments and caption', () => {
    const comments = table.split('\n').filter((line) => line.startsWith('% '));
    expect(comments.join('\n')).toContain(describeDefinition(compared[0]!.summary.definition));
    expect(table).toMatch(/\\caption\{Quantitative results \(n = 12; .*protocol standard/);
  });
});

describe('JSON', () => {
  it('holds everything, NaN as null', () => {
    const { definition, systems: read } = JSON.parse(summaryJson(compared)) as {
      definition: { protocol: string };
      systems: { name: string; rows: { scores: { diceAtHalf: number | null } }[]; definition?: unknown }[];
    };
    expect(definition.protocol).toBe('standard');
    expect(read.map(({ name }) => name)).toEqual(['ours', HOSTILE]);
    expect(read[0]!.rows[5]!.scores.diceAtHalf).toBeNull();
    expect(read[0]).not.toHaveProperty('definition');
  });
});
