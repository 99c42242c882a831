/** The matrix as a picture: an SVG that stands by itself, on light and on dark pages, with its text as text. */
import { Html, markup } from "../../src/page/html.js";
import { legend, reasonsOf, sectionsOf, type Mark, type Matrix, type Section } from "./sheet.js";
import { pictureStyle } from "./picture-style.js";

/** The least that the name of a column and the legend take. */
const least = { column: 100, width: 860 };
const size = { cell: 30, row: 22, gap: 16, first: 348, margin: 28, section: 44 };

export function drawMatrix(matrix: Matrix): string {
  const versions = [...matrix.versions.values()].map(({ number }) => number);
  const sections = sectionsOf(matrix);
  const widest = Math.max(1, ...sections.map(({ columns }) => columns.length));
  const width = Math.max(least.width, 2 * size.margin + size.first + widest * (widthOf(versions.length) + size.gap));
  const facts = [...matrix.versions].map(([suite, { full }]) => `${suite}: ${full}`);
  let y = size.margin + 14;
  const parts = [markup`<text class="title" x="${size.margin}" y="${y}">What each OpenSSH does</text>`];
  y += 22;
  const ran = `Run on ${matrix.ranAt.slice(0, 10)} with Debian's packages:`;
  for (const line of [ran, ...facts]) {
    parts.push(markup`<text class="soft" x="${size.margin}" y="${y}">${line}</text>`);
    y += 17;
  }
  y += 14;
  parts.push(drawLegend(y));
  y += 10;
  for (const section of sections) {
    parts.push(drawSection(section, versions, y));
    y += size.section + 26 + section.rows.length * size.row;
  }
  for (const reason of reasonsOf(matrix.results)) {
    parts.push(markup`<text class="soft" x="${size.margin}" y="${y}">– ${reason}</text>`);
    y += 17;
  }
  const height = y + size.margin - 6;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What each OpenSSH does, by version of client and server">
<style>${new Html(pictureStyle)}</style>
<rect class="paper" width="${width}" height="${height}" rx="8" />
${parts}
</svg>
`.text;
}

function drawLegend(y: number): Html {
  let x = size.margin + 8;
  const entries = (Object.keys(legend) as Mark[]).map((mark) => {
    const entry = markup`${drawMark(mark, x, y - 4)}<text class="soft" x="${x + 14}" y="${y}">${legend[mark]}</text>`;
    x += 46 + legend[mark].length * 6.6;
    return entry;
  });
  return markup`<g>${entries}</g>`;
}

const widthOf = (versions: number) => Math.max(least.column, versions * size.cell);
const columnX = (column: number, versions: number) => size.margin + size.first + column * (widthOf(versions) + size.gap);

function drawSection({ title, across, columns, rows }: Section, versions: readonly string[], top: number): Html {
  const heads = top + size.section;
  const first = heads + 24;
  const labels = columns.flatMap((column, index) => {
    const x = columnX(index, versions.length);
    const head = across === "server" ? "server" : column;
    return [
      markup`<text class="head" x="${x + 4}" y="${heads - 14}">${head}</text>
<line class="rule" x1="${x + 4}" x2="${x + widthOf(versions.length) - 4}" y1="${heads - 8}" y2="${heads - 8}" />`,
      ...versions.map((version, place) => {
        const middle = x + (place + 0.5) * size.cell;
        return markup`<text class="version" x="${middle}" y="${heads + 6}" text-anchor="middle">${version}</text>`;
      }),
    ];
  });
  const serverNote = across === "server" ? "" : "server";
  const end = columnX(columns.length, versions.length) - size.gap;
  const lines = rows.map(({ what, marks }, index) => {
    const y = first + index * size.row;
    const cells = marks.flatMap((column, at) =>
      column.map((mark, place) => drawMark(mark, columnX(at, versions.length) + (place + 0.5) * size.cell, y - 4)),
    );
    const stripe = markup`<rect class="stripe" x="${size.margin - 8}" y="${y - 15}" width="${end - size.margin + 12}" height="${size.row}" rx="4" />`;
    return markup`<g>${index % 2 === 0 ? stripe : ""}<text x="${size.margin}" y="${y}">${what}</text>${cells}</g>
`;
  });
  return markup`<g>
<text class="section" x="${size.margin}" y="${heads - 14}">${title}</text>
<text class="version" x="${size.margin + size.first - 10}" y="${heads + 6}" text-anchor="end">${serverNote}</text>
${labels}
${lines}
</g>`;
}

function drawMark(mark: Mark, x: number, y: number): Html {
  const title = markup`<title>${legend[mark]}</title>`;
  switch (mark) {
    case "yes":
      return markup`<circle class="yes" cx="${x}" cy="${y}" r="5.5">${title}</circle>`;
    case "no":
      return markup`<circle class="no" cx="${x}" cy="${y}" r="4.75">${title}</circle>`;
    case "done":
      return markup`<path class="done" d="M${x - 5} ${y} l3.5 4 l6.5 -8">${title}</path>`;
    case "cannot":
      return markup`<path class="cannot" d="M${x - 4} ${y} h8">${title}</path>`;
    case "failed":
      return markup`<g><rect class="failed" x="${x - 8}" y="${y - 8}" width="16" height="16" rx="3">${title}</rect><text class="sign" x="${x}" y="${y + 5}" text-anchor="middle">!</text></g>`;
  }
}
