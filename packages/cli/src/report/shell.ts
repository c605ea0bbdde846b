import { escapeHtml } from './escape.js';
import type { Fact } from './page-data.js';
import { STYLES } from './styles.js';

/** The parts that every page shares. */
export interface Shell {
  readonly title: string;
  /** Below the title. */
  readonly subtitle: string;
  readonly chips: readonly Fact[];
  readonly notices: readonly string[];
  readonly body: string;
  /** What made the page, for the footer. */
  readonly facts: readonly Fact[];
  readonly script: string;
  /** Beyond the look that every page shares. */
  readonly styles?: string;
}

/** Said once on every page. */
export const RESEARCH_USE =
  'For research. Not a medical device: nothing here may guide the diagnosis or treatment of a patient.';

/** A complete page in one file: no request leaves it, which its content security policy enforces. */
export function pageShell({
  title,
  subtitle,
  chips,
  notices,
  body,
  facts,
  script,
  styles = '',
}: Shell): string {
  const policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLES}${styles}</style>
</head>
<body>
<header class="top">
${LOGO}
<div class="titles"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(subtitle)}</p></div>
<ul class="chips">${chips.map(chip).join('')}</ul>
<button id="theme" class="icon" type="button" title="Light or dark" aria-label="Switch between light and dark">◐</button>
</header>
${notices.map((text) => `<p class="notice" role="note">${escapeHtml(text)}</p>`).join('\n')}
<main>
${body}
</main>
<footer>
<details open><summary>How this was made</summary>${factList(facts)}</details>
<p>${escapeHtml(RESEARCH_USE)}</p>
</footer>
<script type="module">
${script}
</script>
</body>
</html>
`;
}

/** Labels with their values, as a definition list. */
export function factList(facts: readonly Fact[]): string {
  const items = facts.map(
    ({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<dl class="facts">${items.join('')}</dl>`;
}

function chip({ label, value }: Fact): string {
  return `<li><span>${escapeHtml(label)}</span> ${escapeHtml(value)}</li>`;
}

/** Two lobes and a contour. */
const LOGO = `<svg class="logo" viewBox="0 0 40 40" aria-hidden="true"><path class="lobe" d="M17 6c-7 1-12 11-12 20 0 6 3 8 6 8s6-2 6-7z"/><path class="lobe" d="M23 6c7 1 12 11 12 20 0 6-3 8-6 8s-6-2-6-7z"/><path class="mark" d="M26 20c3-2 6 0 6 4s-3 6-5 4-3-6-1-8z"/></svg>`;
