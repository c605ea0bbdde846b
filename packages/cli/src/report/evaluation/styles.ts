/** What the evaluation's page has beyond the look that every page shares. */
export const EVALUATION_STYLES = `
.class-name { margin: 26px 0 12px; font-size: 19px; } .class-name:first-child { margin-top: 0; } .class-name span { color: var(--soft); font-weight: 400; font-size: 14px; }
.block > .hint { max-width: 95ch; margin-bottom: 10px; overflow-wrap: anywhere; }
.block > ul.hint { margin: 10px 0 0; }
td small { display: block; color: var(--soft); font-weight: 400; font-size: 12px; }
td.text { text-align: left; }
abbr { text-decoration: none; cursor: help; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 18px; margin-bottom: 18px; }
.plots figure { margin: 0; padding: 12px; } .plots svg { display: block; width: 100%; height: auto; max-width: 560px; margin: 0 auto; }
.worst { display: grid; gap: 22px; }
.worst h3 { margin: 0 0 8px; font-size: 14.5px; overflow-wrap: anywhere; } .worst h3 span { color: var(--soft); font-weight: 400; margin-left: 6px; }
.worst .row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); gap: 14px; }
.worst figure { min-width: 0; max-width: 430px; } .worst svg:not(.dot) { display: block; width: 100%; height: auto; background: #000; border-radius: 10px; }
.worst figcaption { margin: 6px 0 0; color: var(--ink); overflow-wrap: anywhere; } .worst figcaption span { float: none; display: block; color: var(--soft); }
.sortable thead button { border: 0; padding: 0; background: none; font-weight: 600; cursor: pointer; white-space: nowrap; }
.sortable thead button:hover { color: var(--accent); }
.sortable th[aria-sort=ascending] button::after { content: " ↑"; } .sortable th[aria-sort=descending] button::after { content: " ↓"; }
details.block .scroll { max-height: 70vh; overflow: auto; margin-top: 8px; } .sortable thead th { position: sticky; top: 0; background: var(--card); }
.scroll th:first-child { position: sticky; left: 0; background: var(--card); max-width: 46vw; overflow: hidden; text-overflow: ellipsis; }
.sortable thead th:first-child { z-index: 1; }
@media (max-width: 760px) { th, td { padding: 7px 9px; } .block { padding: 13px 12px; } }
@media print { details.block:not([open]) { display: none; } .worst li, .plots figure { break-inside: avoid; } }
`;
