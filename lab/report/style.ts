/** What the walkthrough's report adds to the look of the pages. */
import { pageStyle } from "../../src/page/style.js";

const contents = `
.problems ul { margin: 0; padding-left: 1.2rem; }
.problems li + li { margin-top: 0.5rem; }
.missing { display: block; overflow-wrap: anywhere; font-size: 0.93rem; }
nav ol { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
nav li { display: grid; grid-template-columns: 1.6rem minmax(0, 1fr) auto; gap: 0 0.8rem; padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
nav li::before { content: attr(value); color: var(--soft); font-variant-numeric: tabular-nums; }
.tally .verdict { font-weight: 450; font-size: 0.93rem; }
.tally .no { font-weight: 650; }`;

const steps = `
.teaches, .about { max-width: 46rem; }
.chapter, main > #claims { margin-top: 4.5rem; padding-top: 2.5rem; border-top: 1px solid var(--line); }
.chapter h2, #claims h2 { font-size: 1.7rem; margin-bottom: 0.8rem; }
.chapter-number { display: block; margin-bottom: 0.35rem; font-size: 0.9rem; font-weight: 500; letter-spacing: 0.02em; color: var(--soft); }
.teaches { font-size: 1.08rem; margin: 0 0 2rem; }
.step { display: grid; grid-template-columns: 3.4rem minmax(0, 1fr); margin-top: 2.4rem; }
.step > * { grid-column: 2; }
.step > h3 { grid-column: 1; grid-row: 1; font-size: 0.95rem; line-height: 1.6rem; font-weight: 550; font-variant-numeric: tabular-nums; }
.step > h3 a { color: var(--soft); text-decoration: none; }
.step > h3 a:hover { text-decoration: underline; }
.about { margin: 0 0 0.8rem; }
.step.failed { background: var(--no-paper); box-shadow: inset 6px 0 0 var(--no); border-radius: 6px; padding: 1.3rem 1.3rem 1.3rem 1.6rem; }
.step.failed > h3 a { color: var(--no); font-weight: 700; }
.step:target { outline: 2px solid var(--link); outline-offset: 0.9rem; border-radius: 6px; }
.output.long { max-height: 32rem; overflow-y: auto; }
.output mark { background: var(--mark); color: var(--mark-ink); box-shadow: 0 0 0 0.2em var(--mark); border-radius: 1px; }
.long + .silent { border-top: 1px solid var(--terminal-line); }
.picture { margin: 0.8rem 0 0; }
.picture img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
.facts { display: flex; flex-wrap: wrap; gap: 0 1.4rem; list-style: none; margin: 0.45rem 0 0; padding: 0; color: var(--soft); font-size: 0.88rem; }
.facts strong { color: var(--no); }
kbd { padding: 0.05rem 0.35rem; border: 1px solid var(--line); border-radius: 4px; color: var(--ink); }
.judgement { margin: 0.45rem 0 0; }
.judgement .verdict { margin-right: 0.4rem; }
.judgement .claim { font-weight: 550; }
div.judgement p { margin: 0.3rem 0; }
div.judgement ul { margin: 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.unrun { margin: 2rem 0 0 3.4rem; color: var(--no); font-weight: 550; }
.legend { margin: 0.9rem 0 0.5rem; border-top: 1px solid var(--line); font-size: 0.94rem; }
.legend div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 1rem; padding: 0.38rem 0; border-bottom: 1px solid var(--line); }
.legend dt { font-weight: 600; }
.legend dd { margin: 0; }`;

const tables = `
.figures td { white-space: nowrap; }
.ways { margin-top: 2.5rem; }
.ways caption { text-align: left; font-weight: 700; font-size: 1.1rem; padding-bottom: 0.6rem; }
.ways tbody th[scope="row"] { font-weight: 700; width: 20%; }
.claims { margin-top: 1.5rem; }
.claims th[scope="row"] { width: 37%; }
.claims code { font-size: 0.8rem; overflow-wrap: anywhere; }`;

const narrow = `
@media screen and (max-width: 46rem) {
  nav li { grid-template-columns: 1.6rem minmax(0, 1fr); }
  .tally { grid-column: 2; }
  .chapter, main > #claims { margin-top: 3.5rem; }
  .step { display: block; }
  .step > h3 { margin-bottom: 0.2rem; }
  .step > h3 .unseen { position: static; clip-path: none; }
  .step.failed { padding: 1rem; padding-left: 1.2rem; }
  .unrun { margin-left: 0; }
  .ways, .ways caption, .ways tbody, .ways tr, .ways td, .ways tbody th[scope="row"] { display: block; width: auto; padding: 0; border: 0; }
  .ways thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .ways tr { padding: 0.8rem 0; border-top: 1px solid var(--line); }
  .ways td { padding-top: 0.4rem; }
  .ways td::before { content: attr(data-label); display: block; color: var(--soft); font-size: 0.85rem; }
  .claims, .claims tbody, .claims tr, .claims td, .claims th[scope="row"] { display: block; width: auto; padding: 0; border: 0; }
  .claims thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .claims tr { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: 0.2rem 0; padding: 0.8rem 0; border-top: 1px solid var(--line); }
  .claims tr > :nth-child(n + 3) { grid-column: 2; }
  .claims tr.failed { background: var(--no-paper); box-shadow: inset 6px 0 0 var(--no); padding-left: 1.1rem; }
  .claims tr.failed > :first-child { box-shadow: none; padding-left: 0; }
  .legend div { grid-template-columns: minmax(0, 1fr); }
}`;

const print = `
@media print {
  .output.long { max-height: none; overflow: visible; }
  .long + .silent { display: none; }
  .chapter, main > #claims { break-before: page; border-top: 0; margin-top: 0; padding-top: 0; }
  .about, .teaches { break-after: avoid; }
  .legend div, .judgement { break-inside: avoid; }
  .step.failed, .output mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

export const reportStyle = pageStyle([contents, steps, tables, narrow, print].join("\n"));
