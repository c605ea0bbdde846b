/** What a training's page has beyond the look that every page shares. */
export const TRAINING_STYLES = `
.part-name { margin: 30px 0 12px; font-size: 19px; scroll-margin-top: 12px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 18px; margin-bottom: 18px; }
.plots figure { margin: 0; padding: 12px; min-width: 0; }
.chart { display: block; width: 100%; height: auto; max-width: 520px; margin: 0 auto; font: 12px system-ui, sans-serif; }
.chart text { fill: var(--soft); } .chart .heading { fill: var(--ink); font-weight: 600; font-size: 13.5px; } .chart .grid { stroke: var(--line); }
.strips { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); gap: 12px 18px; }
.strips li { min-width: 0; } .strips img { display: block; width: 100%; height: auto; border-radius: 8px; background: #000; }
.strips span { display: block; padding: 3px 2px 0; font-size: 13.5px; } .strips small { color: var(--soft); font-size: 12.5px; }
.block > .hint { max-width: 95ch; margin-bottom: 10px; }
.cards b { font-size: 20px; }
details.block .facts { padding-top: 8px; }
td a, th a { color: var(--accent); }
@media (max-width: 760px) { th, td { padding: 7px 9px; } .block { padding: 13px 12px; } .cards { grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); } }
@media print { details.block:not([open]) { display: none; } .plots figure, .strips li { break-inside: avoid; } }
`;
