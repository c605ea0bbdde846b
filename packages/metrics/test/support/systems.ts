import { DatasetEvaluator, type DatasetOptions } from '../../src/index.js';
import type { NamedSummary } from '../../src/entry/export.js';
import { randomCase } from './random.js';

/** A name that tries to be a formula, markup, a table cell and a TeX command at once. */
export const HOSTILE = '=HYPERLINK("http://x")|</text><script>alert(1)</script>\\end{table}\n% $&#_^~{}';

/** Systems of rising noise on the same twelve cases, one of them without infection. */
export function systems(names: readonly string[], options: DatasetOptions = {}): NamedSummary[] {
  return names.map((name, noise) => {
    const evaluator = new DatasetEvaluator(options);
    for (let id = 0; id < 12; id++) {
      const { prediction, groundTruth } = randomCase(id, 24, 20);
      const map = prediction.map((value, i) => ((i * 7 + id) % 20 < noise ? 255 - value : value));
      evaluator.add(`${name} ${id}`, map, id === 5 ? groundTruth.fill(0) : groundTruth, {
        width: 24,
        height: 20,
      });
    }
    return { name, summary: evaluator.summary() };
  });
}
