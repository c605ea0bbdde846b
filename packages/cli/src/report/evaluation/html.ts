import { plotColour } from '@infnet/metrics/export';
import { escapeHtml } from '../escape.js';

/** A card with a heading; `hint` stands small below it. */
export function block(title: string, html: string, hint = ''): string {
  const small = hint === '' ? '' : `<p class="hint">${escapeHtml(hint)}</p>`;
  return `<section class="block"><h2>${escapeHtml(title)}</h2>${small}${html}</section>`;
}

/** A table that scrolls sideways on a narrow screen. Cells are HTML. */
export function table(head: readonly string[], rows: readonly string[], attributes = ''): string {
  const cells = head.map((cell) => `<th scope="col">${cell}</th>`).join('');
  return `<div class="scroll"><table${attributes}><thead><tr>${cells}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** A row with its heading. Cells are HTML with their tags. */
export function row(heading: string, cells: readonly string[]): string {
  return `<tr><th scope="row">${heading}</th>${cells.join('')}</tr>`;
}

/** A system's name with its colour. */
export function systemName(name: string, index: number): string {
  return `<svg class="dot" viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${plotColour(index)}"/></svg>${escapeHtml(name)}`;
}
