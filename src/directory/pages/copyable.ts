/** Text with a button that copies it. Without a script there is no button, and the text can be selected in any case. */
import { markup, type Html } from "../../page/html.js";
import { oneLine } from "./words.js";

interface Copyable {
  /** Of the page, once. */
  readonly id: string;
  /** What it is, for whoever hears the button and not sees it: "Copy …". */
  readonly what: string;
}

/** What is typed into a terminal. The lines are the page's own words, each with a host's name or account in it. */
export const command = (copyable: Copyable, ...lines: readonly string[]): Html => block("terminal", copyable, lines);

/** Lines for a file. */
export const dataLines = (copyable: Copyable, ...lines: readonly string[]): Html => block("data", copyable, lines);

/** No blanks in the pre: they would be copied. */
const block = (look: string, { id, what }: Copyable, lines: readonly string[]): Html =>
  markup`<div class="copyable ${look}"><pre><code id="${id}">${lines.map((line) => oneLine(line)).join("\n")}</code></pre>${button(id, what)}</div>`;

/** In a line of text or a cell. */
export const copyableCode = ({ id, what }: Copyable, text: string): Html =>
  markup`<span class="copyable inline"><code id="${id}">${oneLine(text)}</code> ${button(id, what)}</span>`;

const button = (id: string, what: string): Html =>
  markup`<button type="button" data-copies="${id}" hidden><span>Copy</span><span class="unseen"> ${oneLine(what, 300)}</span></button>`;
