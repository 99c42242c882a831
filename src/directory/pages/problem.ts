/** What a browser is shown where there is no page. */
import { markup } from "../../page/html.js";
import type { Problem } from "../contract.js";
import { renderPage, type Visitor } from "./layout.js";
import { oneLine, when } from "./words.js";

export type ProblemView = Pick<Problem, "status" | "title" | "detail" | "hint"> & Partial<Visitor>;

export const renderProblemPage = ({ status, title, detail, hint, person, canSignIn = false }: ProblemView): string =>
  renderPage({
    title,
    path: "/",
    visitor: { person, canSignIn },
    main: markup`<div class="head">
        <p class="kicker">Error ${status}</p>
        <h1>${oneLine(title, 300)}</h1>
      </div>
      ${when(detail !== undefined, () => markup`<p class="lead">${oneLine(detail ?? "", 1200)}</p>`)}
      ${when(hint !== undefined, () => markup`<p><strong>What helps:</strong> ${oneLine(hint ?? "", 1200)}</p>`)}
      <p><a href="/">All hosts</a></p>`,
  });
