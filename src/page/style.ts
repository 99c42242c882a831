/** The look that the project's pages share. Every pair of colours has a contrast of 4.5 to 1 or more, in light and in dark. */

const colours = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --raised: #ffffff; --ink: #1c2329; --soft: #56616a; --line: #d9dcd8; --link: #0b5a73;
  --yes: #1c6b3c; --no: #a3202a; --no-paper: #fdf1f0; --old: #8a5200; --old-paper: #fdf6e9; --place: #f1f3f0;
  --terminal: #171d22; --terminal-ink: #dbe2e6; --terminal-soft: #97a4ad; --terminal-line: #2c363e; --mark: #2a4038; --mark-ink: #d8f5e4;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --raised: #1c2226; --ink: #e3e7e9; --soft: #a3aeb5; --line: #343d43; --link: #7cc4dc;
    --yes: #7fcf9d; --no: #ff9c97; --no-paper: #2c1a1b; --old: #e7b563; --old-paper: #272117; --place: #191f23;
    --terminal: #0d1113; --terminal-line: #2a3338;
  }
}`;

const text = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 4rem; max-width: 63rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
}
code, kbd, samp, pre { font-family: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.84rem; }
a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 3px; }
pre:focus-visible { outline-color: #7cc4dc; outline-offset: -4px; }
h1, h2, h3 { line-height: 1.22; font-weight: 650; text-wrap: balance; margin: 0; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.6rem); letter-spacing: -0.018em; max-width: 24ch; }
h2 { font-size: 1.45rem; letter-spacing: -0.01em; margin-bottom: 1rem; }
p, li, dd { text-wrap: pretty; }
header p, section > p, figcaption, footer p { max-width: 46rem; }
.kicker { margin: 0 0 0.6rem; color: var(--soft); font-size: 0.9rem; letter-spacing: 0.02em; }
.lead { margin: 1.4rem 0 0.3rem; font-size: 1.12rem; }
.circumstances, footer, figcaption { color: var(--soft); font-size: 0.95rem; }
.circumstances { margin: 0; }
main > section, main > nav { margin-top: 3.5rem; }
.unseen, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: absolute; top: 0.75rem; left: 1.5rem; }
.verdict { font-weight: 650; white-space: nowrap; }
.verdict.yes { color: var(--yes); }
.verdict.no { color: var(--no); }
.problems { border: 1px solid var(--no); border-left-width: 6px; border-radius: 6px; background: var(--no-paper); padding: 1.2rem 1.5rem; }
main > .problems { margin-top: 2rem; }
.problems h2 { font-size: 1.15rem; color: var(--no); margin-bottom: 0.6rem; }
footer { margin-top: 4rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }`;

const terminal = `
.terminal { background: var(--terminal); color: var(--terminal-ink); border: 1px solid var(--terminal-line); border-radius: 8px; overflow: hidden; }
.terminal pre { margin: 0; padding: 0.8rem 1.1rem; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 8; }
.command { padding-left: calc(1.1rem + 2ch) !important; text-indent: -2ch; border-bottom: 1px solid var(--terminal-line); }
.command code { color: #ffffff; }
.prompt { color: var(--terminal-soft); user-select: none; }
.silent { margin: 0; padding: 0.5rem 1.1rem; font-size: 0.85rem; color: var(--terminal-soft); }`;

const tables = `
table { width: 100%; border-collapse: collapse; font-size: 0.94rem; line-height: 1.5; }
th, td { text-align: left; vertical-align: top; padding: 0.6rem 1.2rem 0.6rem 0; border-bottom: 1px solid var(--line); font-weight: inherit; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: 0.88rem; }
td { font-variant-numeric: tabular-nums; }
tr.failed > * { background: var(--no-paper); }
tr.failed > :first-child { box-shadow: inset 6px 0 0 var(--no); padding-left: 1.1rem; }
tr.failed > :last-child { padding-right: 0.8rem; }`;

const drawing = `
.drawing { margin: 0; }
.drawing svg { display: block; width: 100%; height: auto; font-family: inherit; }
.drawing .tall { display: none; max-width: 26rem; margin: 0 auto; }
.drawing figcaption { margin-top: 1.2rem; }
.drawing rect { stroke-width: 1.25; }
.drawing .place { fill: var(--place); stroke: var(--line); }
.drawing .part { fill: var(--raised); stroke: var(--soft); }
.drawing rect.old { fill: var(--old-paper); stroke: var(--old); stroke-dasharray: 6 4; }
.drawing text { fill: var(--ink); font-size: 13.5px; }
.drawing .name { font-size: 15px; font-weight: 650; }
.drawing .code { font-family: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
.drawing .note { fill: var(--soft); }
.drawing .arrow path { fill: none; stroke-width: 1.75; }
.drawing .login { --stroke: var(--ink); } .drawing .signs { --stroke: var(--link); } .drawing .trusts { --stroke: var(--yes); } .drawing .old { --stroke: var(--old); }
.drawing .arrow path { stroke: var(--stroke); }
.drawing .arrow polygon { fill: var(--stroke); }
.drawing .arrow.old path { stroke-dasharray: 6 4; }
.drawing text.label { fill: var(--stroke); font-size: 13px; font-weight: 550; }`;

const narrow = `
@media screen and (max-width: 46rem) {
  th, td { padding-right: 0.7rem; }
  body { padding: 2rem 1rem 3rem; }
  .drawing .wide { display: none; }
  .drawing .tall { display: block; }
  .terminal pre { padding: 0.7rem 0.8rem; font-size: 0.78rem; }
  .command { padding-left: calc(0.8rem + 2ch) !important; }
  .terminal code, .terminal samp { font-size: inherit; }
}`;

const print = `
@media print {
  :root { --paper: #ffffff; --terminal: #f6f6f4; --terminal-ink: #1c2329; --terminal-soft: #56616a; --terminal-line: #c9cdc9; --mark: #dcefe2; --mark-ink: #0e3a20; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  .command code { color: #000000; font-weight: 600; }
  .skip { display: none; }
  h2, h3, .command { break-after: avoid; }
  .drawing, tr { break-inside: avoid; }
  .problems, rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

/** The style sheet of a page: what all share, then its own rules. */
export const pageStyle = (own: string): string => [colours, text, terminal, tables, drawing, narrow, print, own].join("\n");
