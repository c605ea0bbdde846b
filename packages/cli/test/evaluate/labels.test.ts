import { describe, expect, it } from 'vitest';
import { parseLabels } from '../../src/evaluate/labels.js';

describe('--labels', () => {
  it('takes numbers with or without names', () => {
    expect(parseLabels('1=ground glass, 2')).toEqual([
      { label: 1, name: 'ground glass' },
      { label: 2, name: 'label 2' },
    ]);
  });

  it.each(['', 'ggo', '1=', '256', '-1', '1,1', '1=a,2=a', '1.5'])('refuses %j', (text) => {
    expect(() => parseLabels(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
