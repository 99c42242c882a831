/** What a trace's page adds to the look of the pages. */
import { pageStyle } from "../../page/style.js";

const drawing = `
.drawing .says { --stroke: var(--ink); } .drawing .proof, .drawing .lock { --stroke: var(--yes); } .drawing .doubt { --stroke: var(--old); } .drawing .refused { --stroke: var(--no); }
.drawing .life { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 2 5; }
.drawing .life.encrypted { stroke: var(--yes); stroke-width: 3; stroke-dasharray: none; }
.drawing .secret { fill: var(--place); stroke: none; }
.drawing .phase { stroke: var(--line); stroke-width: 1; }
.drawing text.title { font-size: 15px; font-weight: 650; }
.drawing text.time { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.drawing text.message { fill: var(--soft); font-size: 11.5px; font-family: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.drawing .dot { fill: var(--stroke); }
.drawing .dot.says { fill: var(--soft); }
.drawing .padlock .ground { fill: var(--paper); } .drawing .padlock .body { fill: var(--yes); stroke: none; } .drawing .padlock path { fill: none; stroke: var(--yes); stroke-width: 2; }
.drawing .stop { fill: var(--no-paper); stroke: var(--no); stroke-width: 2; }
.drawing text.stopped { fill: var(--no); font-size: 13px; font-weight: 550; }
.drawing .cross { fill: none; stroke: var(--no); stroke-width: 3; }`;

const entries = `
.shares { width: 100%; margin-top: 1.4rem; }
.shares td, .shares th { padding-top: 0.4rem; padding-bottom: 0.4rem; }
.shares td { white-space: nowrap; text-align: right; }
.shares .bar { width: 45%; text-align: left; }
.bar span { display: block; height: 0.6rem; margin-top: 0.45rem; border-radius: 2px; background: var(--link); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar .host { background: var(--old); } .bar .user { background: var(--yes); } .bar .session { background: var(--soft); }
#phases > section { margin-top: 3.5rem; }
.phase-name { display: block; margin-bottom: 0.3rem; font-size: 0.9rem; font-weight: 500; color: var(--soft); }
.entries { list-style: none; margin: 1.2rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.entry { display: grid; grid-template-columns: 5.4rem 4.6rem 1.6rem minmax(0, 1fr); padding: 0.55rem 0; border-bottom: 1px solid var(--line); }
.entry .at, .entry .took { text-align: right; color: var(--soft); font-size: 0.9rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.entry .way { text-align: center; color: var(--soft); }
.entry .what { margin: 0; overflow-wrap: anywhere; }
.entry .message { color: var(--soft); font-size: 0.78rem; }
.entry.proof .what > span { color: var(--yes); } .entry.doubt .what > span { color: var(--old); } .entry.refused .what > span { color: var(--no); font-weight: 650; }
.entry.lock { background: var(--place); } .entry.lock .what > span { color: var(--yes); font-weight: 650; }
.entry:target, .line:target { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.entry dl { margin: 0.3rem 0 0; font-size: 0.9rem; }
.entry dl div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 0.8rem; }
.entry dt { color: var(--soft); } .entry dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.entry .from { margin: 0.2rem 0 0; font-size: 0.84rem; color: var(--soft); }
details { margin-top: 1rem; }
summary { cursor: pointer; font-weight: 550; }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 3px; }
.log { margin-top: 1rem; }
.log pre { font-size: 0.78rem; }
.line { display: block; padding-left: 15ch; text-indent: -15ch; }
.line code { font-size: inherit; }
.line .at { color: var(--terminal-soft); }
.line a { color: #7cc4dc; text-decoration: underline; }
.line.others, .line.gap { color: var(--terminal-soft); font-style: italic; }`;

const narrow = `
@media screen and (max-width: 46rem) {
  .entry { grid-template-columns: 4.2rem 4rem minmax(0, 1fr); }
  .entry .way { text-align: left; padding-left: 0.6rem; }
  .entry > div { grid-column: 1 / -1; }
  .entry dl div { grid-template-columns: minmax(0, 1fr); }
  .entry dl div + div { margin-top: 0.2rem; }
  .shares .bar { display: none; }
  .line { padding-left: 4ch; text-indent: -4ch; }
}`;

const print = `
@media print {
  .entry { break-inside: avoid; }
  .line a { color: inherit; }
}`;

export const traceStyle = pageStyle([drawing, entries, narrow, print].join("\n"));
