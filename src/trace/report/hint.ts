/** A hint in one sentence, its commands as code. */
import { typed, type Advice, type Hint } from "../../errors/hint.js";
import { markup, type Html } from "../../page/html.js";

export const renderHint = (hint: Hint, program: string): Html =>
  markup`${hint.map((advice, index) => markup`${index === 0 ? "" : "; "}${renderAdvice(advice, program)}`)}`;

function renderAdvice({ say, run }: Advice, program: string): Html {
  if (run === undefined) return markup`${say}`;
  return markup`${say}${say === "" ? "" : ": "}<code>${typed(run, program)}</code>`;
}
