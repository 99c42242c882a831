/** The few shapes that a drawing of boxes and arrows is made of. Colours are the style sheet's. */
import { Html, markup } from "./html.js";

export type Point = readonly [x: number, y: number];

/** A line of text: in which hand, and what. */
export type Line = readonly [hand: "name" | "code" | "note", text: string];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const lineHeight = 21;
const corner = 12;

/** A box with its lines, set in the middle of its height, or from its top on. */
export function box(
  kind: "place" | "part" | "old",
  { x, y, width, height }: Box,
  lines: readonly Line[],
  from: "middle" | "top" = "middle",
): Html {
  const first = from === "top" ? y + 26 : y + height / 2 - (lineHeight * (lines.length - 1)) / 2 + 5;
  return markup`<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8" />${lines.map(
    ([hand, text], index) => markup`<text class="${hand}" x="${x + 14}" y="${first + index * lineHeight}">${text}</text>`,
  )}`;
}

/** An arrow along the points, its corners rounded. */
export function arrow(kind: string, ...points: readonly [Point, Point, ...Point[]]): Html {
  const end = points.at(-1) ?? points[0];
  const [dx, dy] = direction(points.at(-2) ?? points[0], end);
  const shaftEnd: Point = [end[0] - 8 * dx, end[1] - 8 * dy];
  const path = [...points.slice(0, -1), shaftEnd]
    .map((point, index, all) => bend(all[index - 1], point, all[index + 1]))
    .join(" ");
  const side = (sign: number) => `${String(end[0] - 10 * dx + sign * 5 * dy)},${String(end[1] - 10 * dy - sign * 5 * dx)}`;
  return markup`<g class="arrow ${kind}"><path d="${path}" /><polygon points="${end.join(",")} ${side(1)} ${side(-1)}" /></g>`;
}

/** What an arrow means; the lines stand under one another. */
export const label = (kind: string, [x, y]: Point, anchor: "start" | "middle" | "end", ...lines: readonly string[]): Html =>
  markup`${lines.map((text, index) => markup`<text class="label ${kind}" x="${x}" y="${y + index * 16}" text-anchor="${anchor}">${text}</text>`)}`;

function bend(before: Point | undefined, point: Point, after: Point | undefined): string {
  if (before === undefined) return `M${point.join(" ")}`;
  if (after === undefined) return `L${point.join(" ")}`;
  const [inX, inY] = direction(before, point);
  const [outX, outY] = direction(point, after);
  const entry = [point[0] - corner * inX, point[1] - corner * inY];
  const exit = [point[0] + corner * outX, point[1] + corner * outY];
  return `L${entry.join(" ")} Q${point.join(" ")} ${exit.join(" ")}`;
}

function direction([x1, y1]: Point, [x2, y2]: Point): Point {
  const length = Math.hypot(x2 - x1, y2 - y1);
  return [(x2 - x1) / length, (y2 - y1) / length];
}
