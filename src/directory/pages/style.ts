/** What the directory adds to the look of the pages. */
import { pageStyle } from "../../page/style.js";

const frame = `
[hidden] { display: none !important; }
body { max-width: 80rem; padding-top: 1.2rem; overflow-wrap: break-word; }
h1 { font-size: clamp(1.6rem, 1.3rem + 1.4vw, 2.1rem); max-width: none; }
h1.name { overflow-wrap: anywhere; text-wrap: wrap; }
h2 { font-size: 1.3rem; scroll-margin-top: 1rem; }
h3 { font-size: 1.02rem; margin: 1.6rem 0 0.5rem; }
main:focus { outline: none; }
main > section { margin-top: 2.8rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
main p { max-width: 46rem; }
.site { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.4rem 1.6rem; padding-bottom: 0.9rem; border-bottom: 1px solid var(--line); margin-bottom: 1.8rem; }
.site p, .site form { margin: 0; }
.site nav { display: flex; gap: 1.2rem; }
.site .kicker { font-weight: 600; color: var(--ink); }
.site a[aria-current] { color: var(--ink); font-weight: 650; text-decoration-thickness: 2px; }
.site .who { margin-left: auto; color: var(--soft); font-size: 0.93rem; overflow-wrap: anywhere; }
.head .kicker { margin-bottom: 0.2rem; }
.fresh { margin: 0.4rem 0 0; color: var(--soft); font-size: 0.93rem; }
.exact, .about { color: var(--soft); font-size: 0.88rem; }
.none { color: var(--soft); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }`;

const notices = `
.notice { margin: 1rem 0; padding: 0.8rem 1.1rem; border: 1px solid var(--soft); border-left-width: 6px; border-radius: 6px; background: var(--place); overflow-wrap: anywhere; }
.notice p { margin: 0.3rem 0; max-width: 60rem; }
.notice h3 { margin: 0.8rem 0 0.2rem; font-size: 0.95rem; }
.notice.old { border-color: var(--old); background: var(--old-paper); } .notice.old strong { color: var(--old); }
.notice.no { border-color: var(--no); background: var(--no-paper); } .notice.no strong { color: var(--no); }
.notice.yes { border-color: var(--yes); } .notice.yes strong { color: var(--yes); }
.prints { list-style: none; margin: 0.4rem 0; padding: 0; }`;

const states = `
.sign { display: inline-block; width: 1.1em; font-weight: 700; text-align: center; }
.state.yes .sign, .sign.yes { color: var(--yes); } .state.no, .sign.no { color: var(--no); } .state.old { color: var(--old); } .state.plain .sign { color: var(--soft); }
.state { overflow-wrap: anywhere; }
.hosts .state, .facts .state { display: grid; grid-template-columns: 1.4em minmax(0, 1fr); }
.left { white-space: nowrap; font-variant-numeric: tabular-nums; }
.left.no { color: var(--no); } .left.old { color: var(--old); }
.bar { display: inline-block; width: 5.5rem; height: 0.5rem; vertical-align: 0.06rem; margin-right: 0.3rem; overflow: hidden; border-radius: 2px; }
.bar .all { fill: var(--line); } .bar .part { fill: var(--yes); } .left.old .part { fill: var(--old); } .left.no .part { fill: var(--no); }
.stale .bar .part { fill: var(--soft) !important; } .stale .sign, .stale .state, .stale .left { color: var(--soft) !important; }`;

const forms = `
button, .button, input, select, textarea { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--soft); border-radius: 5px; padding: 0.35rem 0.7rem; max-width: 100%; }
button, .button { cursor: pointer; font-weight: 550; }
button:hover, .button:hover { border-color: var(--link); color: var(--link); }
.button { display: inline-block; color: var(--raised); background: var(--link); border-color: var(--link); text-decoration: none; padding: 0.55rem 1.1rem; }
.button:hover { color: var(--raised); text-decoration: underline; }
.who button { padding: 0.1rem 0.5rem; font-size: 0.88rem; margin-left: 0.4rem; }
label { display: block; font-size: 0.88rem; color: var(--soft); }
.search { display: flex; flex-wrap: wrap; align-items: end; gap: 0.7rem 1rem; margin: 1.2rem 0 0.9rem; }
.search input, .search select, .search button { min-height: 2.5rem; }
.search p { margin: 0; } .search p:first-child { flex: 1 1 14rem; max-width: 26rem; } .search input, .search select { width: 100%; }
.search input::placeholder { color: var(--soft); opacity: 1; }
textarea { display: block; width: 100%; max-width: 60rem; margin-bottom: 0.7rem; resize: vertical; font-family: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.84rem; }`;

const lists = `
.counts, .filters ul, .contents ul, .paging ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; }
.counts { margin: 1.2rem 0 0; padding: 0.7rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.counts .sign { width: auto; margin: 0 0.15em; }
.counts strong { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
main > nav { margin-top: 0; }
.filters ul { gap: 0.4rem; }
.filters a { display: block; padding: 0.2rem 0.8rem; border: 1px solid var(--line); border-radius: 5px; text-decoration: none; }
.filters a:hover { border-color: var(--link); }
.filters a[aria-current] { background: var(--ink); border-color: var(--ink); color: var(--paper); font-weight: 600; }
.contents a { text-underline-offset: 0.3em; }
.contents { margin-top: 1.4rem !important; font-size: 0.94rem; }
.filters { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.4rem 1rem; } .filters p { margin: 0; color: var(--soft); font-size: 0.93rem; }
.paging { margin-top: 1.2rem !important; display: flex; flex-wrap: wrap; gap: 0.6rem 2rem; align-items: baseline; justify-content: space-between; }
.paging p { margin: 0; }
.paging .off { color: var(--soft); }
.paging [aria-current] { font-weight: 600; font-variant-numeric: tabular-nums; }
.nothing { margin-top: 2rem; }`;

const tables = `
table { margin-top: 1.2rem; }
caption { text-align: left; color: var(--soft); font-size: 0.93rem; padding-bottom: 0.3rem; }
.hosts th, .hosts td { padding-top: 0.45rem; padding-bottom: 0.45rem; }
.hosts thead th { white-space: nowrap; }
.hosts thead a { color: var(--soft); }
.hosts thead [aria-sort] a { color: var(--ink); font-weight: 650; }
.hosts tbody th { font-weight: 550; }
.hosts tbody th, .hosts td { overflow-wrap: anywhere; }
.hosts th:nth-child(1) { width: 22%; } .hosts th:nth-child(2) { width: 9%; } .hosts th:nth-child(4) { width: 18%; } .hosts th:nth-child(5) { width: 15%; } .hosts th:nth-child(6) { width: 9%; }
.hosts .left { white-space: normal; }
.hosts { table-layout: fixed; }
.hosts tbody tr:hover { background: var(--place); }
.keys code { overflow-wrap: anywhere; }
.keys th[scope="row"] { white-space: nowrap; } .keys th .exact { display: block; }`;

const fields = `
dl { margin: 0.8rem 0 0; }
.facts, .fields { border-top: 1px solid var(--line); }
.facts > div, .fields > div { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 1.2rem; padding: 0.45rem 0; border-bottom: 1px solid var(--line); }
.facts { margin-top: 1.1rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.fields .about { display: block; }
.fields ul { margin: 0; padding-left: 1.1rem; }
.own-word dd { font-style: normal; }
.history { padding-left: 0; list-style: none; border-left: 3px solid var(--line); }
.history li { padding: 0.1rem 0 0.5rem 1rem; }
.history p { margin: 0.2rem 0; } .history ul { list-style: none; margin: 0; padding: 0; } .history ul li { padding: 0; overflow-wrap: anywhere; }
.history .problem { color: var(--no); overflow-wrap: anywhere; }
.change { display: inline-block; min-width: 4.6rem; font-weight: 600; }
details { border-bottom: 1px solid var(--line); padding: 0.6rem 0; } summary { cursor: pointer; } summary h3 { display: inline; margin: 0; }
summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.systems { border-top: 1px solid var(--line); margin-top: 1.2rem; }
.added .change { color: var(--yes); } .removed .change { color: var(--no); }`;

const copying = `
.copyable { position: relative; display: flex; align-items: start; gap: 0.6rem; margin: 0.6rem 0; }
.copyable pre { flex: 1; min-width: 0; margin: 0; padding: 0.6rem 0.9rem; line-height: 1.55; white-space: pre-wrap; word-break: break-all; }
.copyable.data { border: 1px solid var(--line); border-radius: 6px; background: var(--place); }
.copyable pre code { font-size: 0.84rem; }
.copyable button { font-weight: 400;  flex: none; margin: 0.35rem 0.4rem 0.35rem 0; padding: 0.1rem 0.6rem; font-size: 0.86rem; min-width: 4.6rem; }
.copyable.inline { display: inline-flex; align-items: baseline; flex-wrap: wrap; gap: 0 0.5rem; margin: 0; }
.copyable.inline code { word-break: break-all; min-width: 0; }
.copyable.inline button { margin: 0; }
.copyable button.done { color: var(--yes); border-color: var(--yes); }
.terminal.copyable button { font-weight: 400;  color: var(--terminal-ink); background: var(--terminal); border-color: var(--terminal-soft); }
.terminal.copyable button:hover { border-color: #ffffff; color: #ffffff; }
.terminal.copyable button:focus-visible { outline-color: #7cc4dc; }
.ca { margin-bottom: 1.2rem; } .ca p { margin: 0; overflow-wrap: anywhere; }`;

const narrow = `
@media screen and (max-width: 46rem) {
  .site .who { margin-left: 0; flex-basis: 100%; }
  .counts { display: grid; grid-template-columns: 1fr 1fr; gap: 0.2rem 1rem; font-size: 0.93rem; }
  .keys, .keys tbody, .keys tr, .keys td, .keys th[scope="row"] { display: block; width: auto; padding: 0; border: 0; }
  .keys tbody tr { padding: 0.7rem 0; border-top: 1px solid var(--line); }
  .keys td::before { content: attr(data-label); color: var(--soft); font-size: 0.88rem; }
  .keys thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .keys td { padding-top: 0.3rem; } .keys td::before { display: block; }
  .keys th .exact { display: inline; }
  .facts > div, .fields > div { grid-template-columns: minmax(0, 1fr); }
  .copyable:not(.inline) { flex-direction: column; gap: 0; } .copyable:not(.inline) pre { width: 100%; padding-bottom: 0.2rem; } .copyable:not(.inline) button { margin: 0.2rem 0.9rem 0.6rem; }
}`;

const cards = `
@media screen and (max-width: 58rem) {
  .hosts, .hosts caption, .hosts tbody, .hosts tr, .hosts td, .hosts th, .hosts thead { display: block; width: auto !important; padding: 0; border: 0; }
  .hosts thead tr { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; padding: 0.3rem 0 0.7rem; font-size: 0.88rem; color: var(--soft); }
  .hosts thead tr::before { content: "Sort by"; }
  .hosts thead th:not(:has(a)) { display: none; }
  .hosts tbody tr { padding: 0.7rem 0; border-top: 1px solid var(--line); }
  .hosts tbody th { font-size: 1.02rem; }
  .hosts td { display: grid; grid-template-columns: 6.4rem minmax(0, 1fr); }
  .hosts td::before { content: attr(data-label); color: var(--soft); font-size: 0.88rem; }
  .hosts td > * { grid-column: 2; }
}`;

const print = `
@media print {
  .site nav, .search, .filters, .paging, .contents, form, .copyable button { font-weight: 400;  display: none; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

export const styleText = pageStyle(
  [frame, notices, states, forms, lists, tables, fields, copying, cards, narrow, print].join("\n"),
);
