/** The colours and letters of the picture. Every pair of colours has a contrast of 4.5 to 1 or more, in light and in dark. */
export const pictureStyle = `
svg { --paper: #fcfcfa; --ink: #1c2329; --soft: #56616a; --line: #c9cfcb; --stripe: #f1f3f0; --yes: #1c6b3c; --no: #0b5a73; --failed: #a3202a; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14181b; --ink: #e3e7e9; --soft: #a3aeb5; --line: #434d54; --stripe: #1c2226; --yes: #7fcf9d; --no: #7cc4dc; --failed: #ff9c97; }
}
text { fill: var(--ink); font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
.title { font-size: 20px; font-weight: 650; } .section { font-size: 15px; font-weight: 650; }
.head { font-weight: 600; } .soft { fill: var(--soft); font-size: 12.5px; }
.version { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
.paper { fill: var(--paper); } .stripe { fill: var(--stripe); } .rule { stroke: var(--line); }
.yes { fill: var(--no); } .no { fill: none; stroke: var(--no); stroke-width: 1.75; }
.done { fill: none; stroke: var(--yes); stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
.cannot { stroke: var(--soft); stroke-width: 1.75; }
.failed { fill: var(--failed); } .sign { fill: var(--paper); font-weight: 700; }
`;
