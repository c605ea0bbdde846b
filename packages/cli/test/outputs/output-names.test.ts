import { describe, expect, it } from 'vitest';
import { outputNames } from '../../src/outputs/output-names.js';

describe('output names', () => {
  it('are the stem where that is enough', () => {
    expect(outputNames(['a.nii.gz', 'b.png', 'sub/c.JPG'])).toEqual(['a', 'b', 'c']);
  });

  it('hold neither spaces nor what a shell or file system reads otherwise', () => {
    expect(outputNames(['lung infection (1).png', '-rf.png', '..png', 'Röntgen.png', 'a:b*c?.png'])).toEqual([
      'lung_infection_1_',
      '_rf',
      '_',
      'Röntgen',
      'a_b_c_',
    ]);
  });

  it('take the folder, then the ending, then a number to stay apart', () => {
    expect(outputNames(['p1/scan.nii', 'p2/scan.nii', 'x.png'])).toEqual(['p1__scan', 'p2__scan', 'x']);
    expect(outputNames(['a.png', 'a.jpg'])).toEqual(['a.png', 'a.jpg']);
    expect(outputNames(['a b.png', 'a_b.png'])).toEqual(['a_b.png', 'a_b.png-2']);
  });

  it('differ by more than case', () => {
    const names = outputNames(['Scan.png', 'scan.png', 'SCAN.png']);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(3);
  });

  it('never clash, whatever the input', () => {
    const names = [
      'a/b.png',
      'a__b.png',
      'a/b.jpg',
      'b.png',
      'b.png',
      'a__b.png-2',
      `${'x'.repeat(300)}1.png`,
      `${'x'.repeat(300)}2.png`,
    ];
    const result = outputNames(names).map((name) => name.toLowerCase());
    expect(new Set(result).size).toBe(names.length);
    expect(result.every((name) => name.length <= 130)).toBe(true);
  });
});
