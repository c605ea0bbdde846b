import type { ComparedSystem } from '../../evaluate/comparison.js';
import { MASK_MEASURES } from '../../evaluate/mask-measures.js';
import { meanText } from '../../evaluate/table.js';
import { block, row, systemName, table } from './html.js';

/** Surfaces and lesions of the masks of whole cases. Nothing, where they were not measured. */
export function masksTable(systems: readonly ComparedSystem[]): string {
  const measured = systems.find(({ masks }) => masks)?.masks;
  if (!measured) return '';
  const rows = systems.map(({ name, masks }, i) =>
    row(
      systemName(name, i),
      MASK_MEASURES.map((measure) => {
        if (!masks) return '<td></td>';
        const { value, n, excluded } = masks.means[measure];
        const count = measure.endsWith('Lesions') ? value.toFixed(1) : meanText({ value });
        return `<td title="over ${n}, ${excluded} left out">${count}</td>`;
      }),
    ),
  );
  return block(
    `Masks, distances in ${measured.unit}`,
    table(['System', ...MASK_MEASURES.map((name) => words(name))], rows),
    `Means over cases. ${measured.definition}.`,
  );
}

/** `hd95DirectedMax` as `hd95 Directed Max`. */
function words(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2');
}
