/** The look of every page: one column on a phone, three on a screen, light and dark. */
export const STYLES = `
:root {
  color-scheme: light;
  --paper: #f6f7f5; --card: #ffffff; --ink: #17211f; --soft: #55625f; --line: #dfe4e1;
  --accent: #0b7a6d; --accent-soft: #dff1ee; --hot: #d63a2f; --hot-soft: #fdecea; --amber: #8a5a00; --amber-soft: #fff4dc;
  --shadow: 0 1px 2px rgb(20 40 35 / 6%), 0 8px 24px rgb(20 40 35 / 6%);
  --round: 14px;
}
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) {
  color-scheme: dark;
  --paper: #0f1414; --card: #171e1e; --ink: #e9efed; --soft: #9dadaa; --line: #2a3534;
  --accent: #4fd1bd; --accent-soft: #14332f; --hot: #ff7468; --hot-soft: #391b19; --amber: #f3c565; --amber-soft: #322814;
  --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 8px 24px rgb(0 0 0 / 25%);
} }
:root[data-theme=dark] {
  color-scheme: dark;
  --paper: #0f1414; --card: #171e1e; --ink: #e9efed; --soft: #9dadaa; --line: #2a3534;
  --accent: #4fd1bd; --accent-soft: #14332f; --hot: #ff7468; --hot-soft: #391b19; --amber: #f3c565; --amber-soft: #322814;
  --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 8px 24px rgb(0 0 0 / 25%);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; padding: 20px clamp(12px, 2.5vw, 36px) 32px; max-width: 1560px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
h1, h2, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 21px; line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 15px; }
button, select, input { font: inherit; color: inherit; }
:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 14px; margin-bottom: 16px; }
.logo { width: 42px; height: 42px; flex: none; }
.logo .lobe { fill: var(--accent-soft); stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.logo .mark { fill: var(--hot); }
.titles { flex: 1 1 220px; }
.titles p { color: var(--soft); }
.chips { display: flex; flex-wrap: wrap; gap: 6px; }
.chips li { padding: 3px 11px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); font-size: 13px; overflow-wrap: anywhere; }
.chips span { color: var(--soft); }
.icon { display: inline-grid; place-items: center; width: 38px; height: 38px; padding: 0; border: 1px solid var(--line); border-radius: 11px;
  background: var(--card); cursor: pointer; font-size: 18px; line-height: 1; }
.icon:hover { border-color: var(--accent); color: var(--accent); }
.notice { margin-bottom: 14px; padding: 10px 16px; border-radius: var(--round); background: var(--amber-soft); color: var(--amber); font-weight: 550; }
.failures { margin-bottom: 18px; padding: 16px 18px; border-radius: var(--round); background: var(--hot-soft); border: 1px solid color-mix(in srgb, var(--hot) 35%, transparent); }
.failures summary { color: var(--hot); font-weight: 700; } .failures ul { margin-top: 8px; }
.failures li { display: grid; grid-template-columns: 1fr auto; gap: 0 14px; padding: 7px 0; border-top: 1px solid color-mix(in srgb, var(--hot) 18%, transparent); }
.failures li b { font-weight: 600; overflow-wrap: anywhere; }
.failures li span { grid-row: 2; color: var(--soft); }
.failures code { align-self: start; font-size: 12.5px; }
.layout { display: grid; grid-template-columns: 268px minmax(0, 1.25fr) minmax(300px, 1fr); gap: 18px; align-items: start; }
.layout.single { grid-template-columns: minmax(0, 1.25fr) minmax(320px, 1fr); }
.cases, .viewer, .case-panel { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); box-shadow: var(--shadow); }
.cases { position: sticky; top: 14px; display: flex; flex-direction: column; max-height: calc(100vh - 28px); overflow: hidden; }
.cases-head { display: flex; justify-content: space-between; align-items: center; padding: 12px 14px 8px; }
.cases-head label { color: var(--soft); font-size: 13px; }
.cases-head select { border: 1px solid var(--line); border-radius: 8px; background: var(--card); padding: 2px 4px; }
#cases { overflow: auto; padding: 0 8px 8px; }
#cases button { display: flex; gap: 11px; align-items: center; width: 100%; padding: 7px; border: 0; border-radius: 10px; background: none; text-align: left; cursor: pointer; }
#cases button:hover { background: color-mix(in srgb, var(--accent-soft) 45%, transparent); }
#cases button[aria-current=true] { background: var(--accent-soft); }
.thumb { width: 52px; height: 52px; flex: none; border-radius: 8px; background: #000; }
.case-text { min-width: 0; flex: 1; display: grid; gap: 1px; font-size: 13px; }
.case-text b { font-weight: 600; font-size: 14px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.case-text > span { color: var(--soft); }
.share { display: block; height: 4px; margin-top: 3px; border-radius: 4px; background: var(--line); overflow: hidden; }
.share i { display: block; height: 100%; border-radius: 4px; background: var(--hot); }
.viewer { padding: 14px; position: sticky; top: 14px; }
.viewer-head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 14px; padding: 0 2px 10px; }
.viewer-head h2 { font-size: 17px; overflow-wrap: anywhere; }
.viewer-head p { color: var(--soft); }
.stage { position: relative; display: grid; place-items: center; background: #06090a; border-radius: 10px; overflow: hidden; color: #e9efed; }
#canvas { display: block; width: min(100%, calc((100vh - 290px) * var(--aspect, 1)), calc(900px * var(--aspect, 1))); min-width: min(100%, 260px); aspect-ratio: var(--aspect, 1); cursor: crosshair; touch-action: pan-y; }
.stage span { font-size: 12.5px; }
.side { position: absolute; top: 50%; opacity: .55; pointer-events: none; }
.side.left { left: 10px; } .side.right { right: 10px; }
.readout { position: absolute; left: 10px; bottom: 8px; padding: 0 7px; border-radius: 6px; background: rgb(0 0 0 / 55%); pointer-events: none; }
.legend { position: absolute; right: 10px; bottom: 8px; display: grid; grid-template-columns: auto auto; justify-content: space-between; width: 116px; padding: 4px 8px 2px; border-radius: 6px; background: rgb(0 0 0 / 55%); }
.legend i { grid-column: 1 / -1; height: 7px; border-radius: 4px; background: linear-gradient(90deg, rgb(60 20 120 / 0%), rgb(110 30 150 / 60%), rgb(205 50 100), rgb(250 130 45), rgb(252 235 120)); }
.class-legend { display: inline-flex; flex-wrap: wrap; gap: 4px 14px; }
.class-legend span { display: inline-flex; gap: 6px; align-items: center; }
.class-legend i { width: 12px; height: 12px; border-radius: 3px; }
.paging { display: flex; gap: 8px; align-items: center; margin-top: 12px; }
.paging input { flex: 1; min-width: 60px; }
input[type=range] { accent-color: var(--accent); cursor: pointer; }
#play .off, #play[aria-pressed=true] .on { display: none; }
#play[aria-pressed=true] .off { display: inline; font-size: 13px; }
#play .on { font-size: 14px; }
.controls { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; margin-top: 12px; }
.layers { display: inline-flex; margin: 0; padding: 3px; gap: 2px; border: 1px solid var(--line); border-radius: 11px; }
.layers label { position: relative; cursor: pointer; }
.layers input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.layers span { display: block; padding: 4px 13px; border-radius: 8px; color: var(--soft); }
.layers input:checked + span { background: var(--accent); color: var(--card); font-weight: 600; }
.layers input:focus-visible + span { outline: 2.5px solid var(--accent); outline-offset: 2px; }
.threshold { display: inline-flex; align-items: center; gap: 8px; color: var(--soft); }
.threshold input { width: 120px; }
.threshold output { color: var(--ink); font-weight: 600; }
.preview { color: var(--amber); font-size: 13.5px; }
.preview button { border: 0; padding: 0 4px; background: none; color: var(--accent); text-decoration: underline; cursor: pointer; }
.keys { margin-top: 12px; color: var(--soft); font-size: 13px; }
kbd { display: inline-block; min-width: 21px; padding: 0 5px; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 6px; text-align: center; font: 12px/1.55 ui-monospace, monospace; }
kbd:not(:first-child) { margin-left: 5px; } kbd + kbd { margin-left: 0 !important; }
.panels { min-width: 0; }
.case-panel { padding: 16px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(158px, 1fr)); gap: 10px; }
.cards li { display: grid; padding: 11px 14px; border: 1px solid var(--line); border-radius: 11px; align-content: start; }
.cards span { color: var(--soft); font-size: 13px; }
.cards b { font-size: 21px; line-height: 1.3; letter-spacing: -.015em; white-space: nowrap; }
.cards small { color: var(--soft); font-size: 12.5px; line-height: 1.35; }
.cards .emphasis { grid-column: 1 / -1; background: var(--hot-soft); border-color: color-mix(in srgb, var(--hot) 30%, transparent); }
.cards .emphasis b { font-size: 36px; color: var(--hot); }
figcaption { color: var(--soft); font-size: 13px; margin-bottom: 4px; }
figcaption span { float: right; }
.curve { display: block; width: 100%; height: auto; cursor: crosshair; touch-action: none; user-select: none; }
.curve .grid { stroke: var(--line); } .curve .tick { fill: var(--soft); font-size: 11.5px; }
.curve .area { fill: var(--hot); opacity: .16; } .curve .line { fill: none; stroke: var(--hot); stroke-width: 2; stroke-linejoin: round; }
.curve .cursor { stroke: var(--accent); stroke-width: 2; }
.hint, .warning { font-size: 13.5px; color: var(--soft); }
.warning { padding: 8px 12px; border-radius: 10px; background: var(--amber-soft); color: var(--amber); overflow-wrap: anywhere; }
.warning b { font-weight: 650; }
.zones ul { display: grid; grid-template: repeat(3, auto) / 1fr 1fr; grid-auto-flow: column; gap: 4px 10px; }
.zone { display: grid; grid-template-columns: 1fr auto; align-items: baseline; padding: 7px 14px; border: 1px solid var(--line);
  background: color-mix(in srgb, var(--hot) calc(var(--share) * 62%), var(--card)); }
.zone.upper { border-radius: 26px 26px 6px 6px; } .zone.middle { border-radius: 6px; } .zone.lower { border-radius: 6px 6px 16px 16px; }
.zone.right.lower { border-bottom-right-radius: 26px; } .zone.left.lower { border-bottom-left-radius: 26px; }
.zone span { font-size: 12.5px; } .zone small { grid-column: 1 / -1; font-size: 12px; }
.zone b { font-size: 16px; }
.figures table { font-size: 13.5px; background: none; } .figures th, .figures td { padding: 5px 0 5px 12px; } .figures th:first-child { padding-left: 0; } .figures th:first-child { font-weight: 500; }
.figures .hint { margin-top: 5px; font-size: 12.5px; }
main > .figures { margin-top: 18px; padding: 14px 18px; background: var(--card); border: 1px solid var(--line); border-radius: var(--round); }
.facts { display: grid; gap: 5px; font-size: 13.5px; }
.facts div { display: grid; grid-template-columns: 128px 1fr; gap: 12px; }
.facts dt { color: var(--soft); } .facts dd { overflow-wrap: anywhere; }
.dot { width: 10px; height: 10px; margin-right: 8px; }
.curve.still { cursor: default; touch-action: auto; }
details.table { margin-top: 18px; }
summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--card); border-radius: var(--round); font-size: 14px; }
th, td { padding: 8px 13px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 600; }
td.best { color: var(--accent); font-weight: 700; }
.block { margin-bottom: 18px; padding: 16px 18px; background: var(--card); border: 1px solid var(--line); border-radius: var(--round); box-shadow: var(--shadow); }
.block h2 { margin-bottom: 8px; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 18px; align-items: start; } .two .block { margin: 0; }
.two + .block { margin-top: 18px; }
footer { margin-top: 24px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13.5px; display: grid; gap: 12px; }
footer .facts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); padding-top: 6px; }
@media (max-width: 1180px) {
  .layout { grid-template-columns: 232px minmax(0, 1fr); } .viewer { position: static; }
  .layout .panels { grid-column: 2; }
  .layout.single { grid-template-columns: minmax(0, 1fr); } .layout.single .panels { grid-column: 1; }
}
@media (max-width: 760px) {
  body { padding: 14px 12px 24px; }
  .layout { grid-template-columns: minmax(0, 1fr); } .layout .panels { grid-column: 1; }
  .cases, .viewer { position: static; } .cases { max-height: none; }
  #cases { display: flex; overflow-x: auto; } #cases li { flex: 0 0 220px; }
  .keys { display: none; }
  .failures li { grid-template-columns: 1fr; } .failures li span { grid-row: auto; }
}
@media print {
  body { background: #fff; } .cases, .paging, .controls, .keys, #theme { display: none !important; }
  .layout { grid-template-columns: 1fr 1fr; } .case-panel, .viewer { box-shadow: none; break-inside: avoid; }
}
`;
