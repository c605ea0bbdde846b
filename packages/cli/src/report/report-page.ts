import { counted } from '../progress/format.js';
import { curveSvg } from './curve.js';
import { escapeHtml, scriptJson } from './escape.js';
import type { Card, PageCase, PageData, PageFailure } from './page-data.js';
import { pageTable, zonesHtml } from './page-tables.js';
import { factList, pageShell } from './shell.js';
import { viewerHtml } from './viewer-html.js';

/** More failures than this are folded away, so that they do not hide what worked. */
const SHOWN_FAILURES = 4;

/**
 * The report of a segmentation as one HTML file.
 *
 * @param script the viewer's code, see `viewerScript`
 */
export function reportPage(data: PageData, script: string): string {
  const { cases, failures } = data;
  const counts = [
    `${counted(cases.length, 'input')} segmented`,
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
  ];
  return pageShell({
    title: 'Inf-Net report',
    subtitle: `${counts.join(', ')} · ${data.created}`,
    chips: data.chips,
    notices: data.notices,
    body: [
      failuresHtml(failures),
      cases.length > 0 ? casesHtml(data) : '',
      data.comparisons.map(pageTable).join('\n'),
      cases.length > 1 ? tableHtml(cases) : '',
      cases.map(({ pictures }, i) => jsonBlock(`pictures-${i}`, pictures)).join('\n'),
    ].join('\n'),
    facts: data.facts,
    script,
  });
}

function casesHtml(data: PageData): string {
  const { cases } = data;
  return `<div class="layout${cases.length > 1 ? '' : ' single'}">
${cases.length > 1 ? listHtml(data) : listHtml(data, 'hidden')}
${viewerHtml(data.threshold)}
<div class="panels">${cases.map((entry, i) => panelHtml(entry, i)).join('\n')}</div>
</div>
<p id="status" class="visually-hidden" role="status" aria-live="polite"></p>
<noscript><p class="notice">The pictures need JavaScript. All numbers stand below without it.</p></noscript>`;
}

function listHtml({ cases, threshold }: PageData, hidden = ''): string {
  const items = cases.map(({ name, finding, share, pictures }, i) => {
    const width = Math.min(100, Math.max(share > 0 ? 2 : 0, Math.sqrt(share) * 100)).toFixed(1);
    return (
      `<li data-share="${share}" data-name="${escapeHtml(name)}"><button type="button" data-case="${i}" aria-current="false">` +
      `<canvas class="thumb" width="104" height="104" data-case="${i}" data-threshold="${threshold}" ` +
      `style="--aspect:${pictures.aspect}" aria-hidden="true"></canvas>` +
      `<span class="case-text"><b>${escapeHtml(name)}</b><span>${escapeHtml(finding)}</span>` +
      `<span class="share"><i style="width:${width}%"></i></span></span></button></li>`
    );
  });
  return `<nav class="cases" aria-label="Cases" ${hidden}>
<div class="cases-head"><h2>Cases</h2><label>Sort <select id="order"><option value="name">by name</option><option value="share">by share infected</option></select></label></div>
<ol id="cases">${items.join('\n')}</ol>
</nav>`;
}

function panelHtml(entry: PageCase, index: number): string {
  const { name, cards, curve, facts, warnings, checks, zones, tables, pictures } = entry;
  const areas = escapeHtml(JSON.stringify(curve.areas.map((area) => Number(area.toPrecision(6)))));
  const sampled =
    pictures.slices.length < pictures.total
      ? `<p class="hint">To keep this file small it shows ${pictures.slices.length} of ${pictures.total} slices, ` +
        'evenly spread, with the one of the largest infected area. Numbers and curve cover all slices.</p>'
      : '';
  return `<section class="case-panel" id="panel-${index}" data-case="${index}" data-name="${escapeHtml(name)}" data-unit="${curve.unit}" data-areas="${areas}" aria-label="${escapeHtml(name)}"${index > 0 ? ' hidden' : ''}>
<ul class="cards">${cards.map(cardHtml).join('')}</ul>
${pictures.total > 1 ? `<figure><figcaption>Infected area per slice, ${curve.unit} <span>click to go there</span></figcaption>${curveSvg(curve)}</figure>` : ''}
${sampled}
${zones === null ? '' : zonesHtml(zones)}
${checks.map(checkHtml).join('\n')}
${warnings.map((text) => `<p class="warning">${escapeHtml(text)}</p>`).join('\n')}
${tables.map(pageTable).join('\n')}
${factList(facts)}
</section>`;
}

/** A check as a paragraph. */
export function checkHtml({ message, hint }: PageCase['checks'][number]): string {
  return `<p class="warning"><b>${escapeHtml(capitalised(message))}.</b> ${escapeHtml(hint)}</p>`;
}

/** A card as a list item. */
export function cardHtml({ label, value, note, emphasis }: Card): string {
  return `<li${emphasis ? ' class="emphasis"' : ''}><span>${escapeHtml(label)}</span><b>${escapeHtml(value)}</b><small>${escapeHtml(note)}</small></li>`;
}

function failuresHtml(failures: readonly PageFailure[]): string {
  if (failures.length === 0) return '';
  const items = failures.map(
    ({ code, message, hint }) =>
      `<li><b>${escapeHtml(message)}</b><span>${escapeHtml(hint)}</span><code>${escapeHtml(code)}</code></li>`,
  );
  const title = `${counted(failures.length, 'input')} could not be segmented`;
  return `<details class="failures"${failures.length <= SHOWN_FAILURES ? ' open' : ''}><summary>${title}</summary><ul>${items.join('')}</ul></details>`;
}

/** Every case's numbers in one table: for reading without pictures, for printing, for copying. */
function tableHtml(cases: readonly PageCase[]): string {
  const labels = [...new Set(cases.flatMap(({ cards }) => cards.map(({ label }) => label)))];
  const rows = cases.map(({ name, cards }) => {
    const cells = labels.map((label) => cards.find((card) => card.label === label)?.value ?? '');
    return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<details class="table"><summary>All numbers in one table</summary><div class="scroll"><table><thead><tr><th scope="col">Input</th>${labels.map((label) => `<th scope="col">${escapeHtml(label)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function jsonBlock(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${scriptJson(value)}</script>`;
}
