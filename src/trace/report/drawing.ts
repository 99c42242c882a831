/** A login drawn as a conversation: the client's line, the host's line, time running down. Wide, and for narrow screens tall. */
import { Html, markup } from "../../page/html.js";
import { arrow, label } from "../../page/svg.js";
import { printable } from "../../ground/printable.js";
import { stageNames, type Entry, type Phase, type Trace } from "../trace.js";

/** Where things stand, and how many characters and lines a label may have. */
interface Sheet {
  readonly kind: "wide" | "tall";
  readonly width: number;
  readonly client: number;
  readonly host: number;
  readonly characters: number;
  readonly lines: number;
  /** Times and messages stand beside the lines. */
  readonly margins: boolean;
}

const sheets: readonly Sheet[] = [
  { kind: "wide", width: 1000, client: 110, host: 760, characters: 80, lines: 1, margins: true },
  { kind: "tall", width: 380, client: 14, host: 366, characters: 42, lines: 2, margins: false },
];

const lineHeight = 16;
const head = 44;
const titleHeight = 52;

export const loginDrawing = (trace: Trace): Html =>
  markup`<figure class="drawing">
    ${sheets.map((sheet) => draw(trace, sheet))}
    <figcaption>
      Time runs down; the distances are not to scale. Where the lines turn solid, everything between client and host is encrypted.
    </figcaption>
  </figure>`;

function draw({ phases, refusal, destination }: Trace, sheet: Sheet): Html {
  const { client, host } = sheet;
  const parts: Html[] = [];
  let y = head;
  let lock: number | undefined;
  for (const phase of phases) {
    parts.push(title(phase, sheet, y));
    y += titleHeight;
    for (const entry of phase.entries) {
      if (entry.mark === "lock") lock = y;
      if (entry.mark === "refused") continue; // drawn as the stop at the end
      parts.push(row(entry, sheet, y));
      y += rowHeight(sheet);
    }
  }
  const stop = refusal === undefined ? [] : linesOf(printable(refusal.reason), Math.floor(sheet.characters * 0.85), 5);
  const stopHeight = stop.length === 0 ? 0 : stop.length * 17 + 24;
  const end = y + stopHeight + 8;
  const line = (x: number) => markup`<line class="life" x1="${x}" y1="${head - 8}" x2="${x}" y2="${(lock ?? y) - 6}" />
    ${lock === undefined ? "" : markup`<line class="life encrypted" x1="${x}" y1="${lock - 6}" x2="${x}" y2="${y}" />`}`;
  return markup`<svg class="${sheet.kind}" viewBox="0 0 ${sheet.width} ${end}" role="img" aria-label="Drawing; the phases below say the same">
    ${lock === undefined ? "" : markup`<rect class="secret" x="${client}" y="${lock - 6}" width="${host - client}" height="${y - lock + 6}" />`}
    ${line(client)}${line(host)}
    <text class="title" x="${client}" y="22" text-anchor="${sheet.margins ? "middle" : "start"}">client</text>
    <text class="title" x="${host}" y="22" text-anchor="${sheet.margins ? "middle" : "end"}">${clip(printable(destination), 40)}</text>
    ${parts}${stop.length === 0 ? "" : stopSign(stop, sheet, y, stopHeight)}
  </svg>`;
}

function title({ stage, took }: Phase, { client, host, width, margins }: Sheet, y: number): Html {
  const { number, title: name } = stageNames[stage];
  const text = `${number === undefined ? "" : `${String(number)}  `}${name}`;
  return markup`<line class="phase" x1="${margins ? 0 : client}" y1="${y + 4}" x2="${margins ? width : host}" y2="${y + 4}" />
    <text class="title" x="${client + 16}" y="${y + 26}">${text}</text>
    ${margins ? markup`<text class="time" x="${width}" y="${y + 26}" text-anchor="end">${took.toFixed(1)} ms</text>` : ""}`;
}

const rowHeight = ({ lines }: Sheet) => 22 + lines * lineHeight;

/** The text stands above its arrow. What the client decides by itself is a dot on its line. */
function row({ at, way, what, mark, message }: Entry, sheet: Sheet, y: number): Html {
  const { client, host, characters, lines, margins } = sheet;
  const kind = mark ?? "says";
  const middle = (client + host) / 2;
  // The margin behind the host's line is free where there is no message.
  const room = way === "here" && margins ? characters + 14 : characters;
  const shown = linesOf(`${what.charAt(0).toUpperCase()}${printable(what.slice(1))}`, room, lines);
  const textAt = y + 13 + (lines - shown.length) * lineHeight;
  const line = y + 4 + lines * lineHeight;
  const beside = margins
    ? markup`<text class="time" x="${client - 14}" y="${line - 2}" text-anchor="end">${at.toFixed(1)} ms</text>
        <text class="message" x="${host + 14}" y="${line - 2}">${message ?? ""}</text>`
    : "";
  if (way === "here") {
    return markup`<circle class="dot ${kind}" cx="${client}" cy="${textAt - 1}" r="5" />${label(kind, [client + 16, textAt + 4], "start", ...shown)}${beside}`;
  }
  const arrows =
    way === "both"
      ? markup`${arrow(kind, [middle, line], [host, line])}${arrow(kind, [middle, line], [client, line])}`
      : way === "client"
        ? arrow(kind, [client, line], [host, line])
        : arrow(kind, [host, line], [client, line]);
  const locks = mark === "lock" ? markup`${padlock(client, line)}${padlock(host, line)}` : "";
  return markup`${arrows}${label(kind, [middle, textAt], "middle", ...shown)}${locks}${beside}`;
}

/** On a line, where encryption starts. */
const padlock = (x: number, y: number): Html =>
  markup`<g class="padlock">
    <rect class="ground" x="${x - 11}" y="${y - 14}" width="22" height="24" rx="4" />
    <rect class="body" x="${x - 7}" y="${y - 4}" width="14" height="11" rx="2" />
    <path d="M${x - 4} ${y - 4} v-3 a4 4 0 0 1 8 0 v3" />
  </g>`;

function stopSign(lines: readonly string[], { client, host }: Sheet, y: number, height: number): Html {
  const [x, centre] = [client + 24, y + height / 2];
  return markup`<rect class="stop" x="${client}" y="${y}" width="${host - client}" height="${height}" rx="8" />
    <path class="cross" d="M${x - 7} ${centre - 7} l14 14 m0 -14 l-14 14" />
    ${lines.map((text, index) => markup`<text class="stopped" x="${client + 46}" y="${y + 25 + index * 17}">${text}</text>`)}`;
}

const clip = (text: string, characters: number) => (text.length > characters ? `${text.slice(0, characters - 1)}…` : text);

/** The text in lines; what does not fit is left out. */
function linesOf(text: string, characters: number, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").map((each) => clip(each, characters))) {
    if (line !== "" && line.length + 1 + word.length > characters) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  const all = [...lines, line];
  return all.length <= most ? all : [...all.slice(0, most - 1), clip(`${all[most - 1] ?? ""} …`, characters)];
}
