/** Text of others, times and durations, as the directory's pages show them. */
import { moment, span } from "../../ground/moment.js";
import { markup, type Html } from "../../page/html.js";

/** What would break a line, or is not seen at all. */
const unseen = /[\r\n\t\v\f\u0085\p{Zl}\p{Zp}\p{Cf}]/gu;

/**
 * One line: what breaks lines stands as a visible sign, so that what is copied is one line too. A known_hosts line must not bring along
 * a second one.
 * @param most characters; what is more is left out, and said
 */
export function oneLine(text: string, most = 16_384): string {
  const shown = text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/u, "")}…` : text;
  return shown.replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

/** The exact time, in UTC. */
export const at = (time: string): Html => {
  const date = new Date(time);
  return isTime(date) ? markup`<time datetime="${date.toISOString()}">${moment(date)}</time>` : markup`${oneLine(time, 64)}`;
};

/** Other words for a time; the exact one is shown when they are pointed at. */
export const timed = (time: string, words: string): Html => {
  const date = new Date(time);
  return isTime(date)
    ? markup`<time datetime="${date.toISOString()}" title="${moment(date)}">${words}</time>`
    : markup`${oneLine(time, 64)}`;
};

/** The same, as long ago or still to come. @param now milliseconds since 1970 */
export function fromNow(time: string, now: number): Html {
  const seconds = (Date.parse(time) - now) / 1000;
  return timed(time, seconds > 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`);
}

const isTime = (date: Date) => !Number.isNaN(date.getTime());

/** When the page was made, as far as its data say. */
export const nowOf = ({ asOf, age }: { readonly asOf: string; readonly age: number }): number => Date.parse(asOf) + age * 1000;

export const counted = (count: number, noun: string): string => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

export const number = (count: number): string => count.toLocaleString("en-GB");

/** Nothing where the condition does not hold. */
export const when = (condition: boolean, html: () => Html): Html => (condition ? html() : markup``);
