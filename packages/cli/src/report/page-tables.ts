import { percent } from '../progress/quantities.js';
import { escapeHtml } from './escape.js';
import type { PageTable, PageZone } from './page-data.js';

/** A table with its title and, below it, how its figures were made. */
export function pageTable({ title, columns, rows, method }: PageTable): string {
  const head = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
  const body = rows.map(([first = '', ...cells]) => {
    const rest = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(first)}</th>${rest}</tr>`;
  });
  return (
    `<details class="figures" open><summary>${escapeHtml(title)}</summary><div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join('')}</tbody></table></div><p class="hint">${escapeHtml(method)}</p></details>`
  );
}

/** The six zones as they lie when the patient is looked at: the right lung on the left, upper zones on top. */
export function zonesHtml(zones: readonly PageZone[]): string {
  const cell = ({ side, level, share, score }: PageZone): string =>
    `<li class="zone ${side} ${level}" style="--share:${Math.min(1, Math.sqrt(share)).toFixed(3)}">` +
    `<span>${side} ${level}</span><b>${percent(share)}</b><small>score ${score}</small></li>`;
  const total = zones.reduce((sum, { score }) => sum + score, 0);
  return (
    `<figure class="zones"><figcaption>Infected share of six zones <span>zone score ${total} of 30</span></figcaption>` +
    `<ul>${zones.map(cell).join('')}</ul></figure>`
  );
}
