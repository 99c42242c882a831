/** The body of the report: chapters and their steps, and every claim with its evidence. */
import { Html, markup } from "../../src/page/html.js";
import { claimsOf, prompts, wasSeen, type ChapterResult, type Run, type StepResult, type Table } from "../runner/chapter.js";

/** A step and its place in the report. */
export interface PlacedStep {
  /** As people say it: `3.6`. */
  readonly name: string;
  /** Its element's id. */
  readonly id: string;
  readonly chapter: number;
  readonly result: StepResult;
}

export const chapterId = (number: number) => `chapter-${String(number)}`;

export const placedSteps = ({ number, steps }: ChapterResult): PlacedStep[] =>
  steps.map((result, index) => {
    const place = [number, index + 1].map(String);
    return { name: place.join("."), id: `step-${place.join("-")}`, chapter: number, result };
  });

export const verdict = (seen: boolean, yes = "Seen", no = "Not seen"): Html =>
  seen
    ? markup`<span class="verdict yes"><span aria-hidden="true">✓</span> ${yes}</span>`
    : markup`<span class="verdict no"><span aria-hidden="true">✗</span> ${no}</span>`;

const nothing = markup``;

/** A time in seconds, as people read it. @example duration(74.2) // "1 min 14 s" */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}

export function renderChapter(result: ChapterResult): Html {
  const { number, chapter } = result;
  const unrun = chapter.steps.length - result.steps.length;
  return markup`<section class="chapter" id="${chapterId(number)}">
    <h2><span class="chapter-number">Chapter ${number}</span> ${chapter.title}</h2>
    <p class="teaches">${chapter.teaches}</p>
    ${placedSteps(result).map(renderStep)} ${chapter.table === undefined ? nothing : table(chapter.table)}
    ${unrun > 0 ? markup`<p class="unrun">The chapter ended early: ${unrun} of its ${chapter.steps.length} steps did not run.</p>` : nothing}
  </section> `;
}

const table = ({ title, head, rows }: Table): Html =>
  markup`<table class="ways" role="table">
    <caption>
      ${title}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${head.map((cell) => markup`<th scope="col" role="columnheader">${cell}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ([name = "", ...cells]) =>
          markup`<tr role="row">
            <th scope="row" role="rowheader">${name}</th>
            ${cells.map((cell, column) => markup`<td role="cell" data-label="${head[column + 1] ?? ""}">${cell}</td>`)}
          </tr> `,
      )}
    </tbody>
  </table>`;

function renderStep(placed: PlacedStep): Html {
  const { name, id, result } = placed;
  const { step, command } = result;
  return markup`<article class="step${wasSeen(result) ? "" : " failed"}" id="${id}">
    <h3>
      <a href="#${id}"><span class="unseen">Step </span>${name}</a>
    </h3>
    <p class="about">${step.about}</p>
    <div class="terminal">
      <pre class="command"><span class="prompt" aria-hidden="true">${prompts[step.on ?? "here"]} </span><code>${command}</code></pre>
      ${output(placed)}
    </div>
    ${picture(result)}
    ${facts(result)} ${step.legend === undefined ? nothing : legend(step.legend)} ${judgement(result)}
  </article> `;
}

/** Past so many lines of a terminal an output gets a window of its own; print shows all of it. */
const longOutput = { lines: 24, columns: 90 };

function output(placed: PlacedStep): Html {
  const text = placed.result.output.trimEnd();
  if (text === "") return markup`<p class="silent">(no output)</p>`;
  const lines = text.split(/\r?\n/);
  const height = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / longOutput.columns)), 0);
  const evidence = wasSeen(placed.result) ? claimOf(placed)?.evidence : undefined;
  const shown = lines.map((line, index) => markup`${index === 0 ? "" : "\n"}${line.trim() === evidence ? marked(line) : line}`);
  return height <= longOutput.lines
    ? markup`<pre class="output"><samp>${shown}</samp></pre>`
    : markup`<pre
          class="output long"
          tabindex="0"
          role="region"
          aria-label="Output of step ${placed.name}"
        ><samp>${shown}</samp></pre>
        <p class="silent">${lines.length} lines; scroll for the rest</p>`;
}

const picture = ({ picture, step }: StepResult): Html =>
  picture === undefined
    ? nothing
    : markup`<figure class="picture">
        <img src="data:image/png;base64,${picture}" alt="${step.picture?.shows ?? ""}" />
      </figure>`;

/** The line with its words marked, not its indent. */
function marked(line: string): Html {
  const words = line.trimStart();
  return markup`${line.slice(0, line.length - words.length)}<mark>${words}</mark>`;
}

function facts(result: StepResult): Html {
  const { step, exit, seconds, answers } = result;
  const { within, see, unasked } = step;
  const expected = see.exit === "not 0" ? exit !== 0 : exit === see.exit;
  return markup`<ul class="facts">
    ${preparesOnly(result) ? markup`<li>${verdict(true)}</li>` : nothing}
    ${Object.entries(answers).map(([question, answer]) => markup`<li>answer to “${question}”: <kbd>${answer}</kbd></li>`)}
    ${unasked !== undefined && wasSeen(result) ? markup`<li>nothing was asked, as expected</li>` : nothing}
    <li>exit status ${exit}${expected ? ", as expected" : markup`, <strong>expected ${see.exit}</strong>`}</li>
    ${within === undefined ? nothing : markup`<li>repeated until seen, for ${within} s at the most</li>`}
    <li>${duration(seconds)}</li>
  </ul>`;
}

const legend = (fields: Readonly<Record<string, string>>): Html =>
  markup`<dl class="legend">
    ${Object.entries(fields).map(
      ([field, meaning]) =>
        markup`<div>
          <dt>${field}</dt>
          <dd>${meaning}</dd>
        </div> `,
    )}
  </dl>`;

/** A step that went well and claims nothing: its verdict is a fact among others. */
const preparesOnly = (result: StepResult) => wasSeen(result) && result.step.claim === undefined;

function judgement(result: StepResult): Html {
  if (preparesOnly(result)) return nothing;
  const { step, missing } = result;
  if (wasSeen(result)) return markup`<p class="judgement">${verdict(true)} <span class="claim">${step.claim ?? ""}</span></p>`;
  return markup`<div class="judgement">
    <p>${verdict(false)} <span class="claim">${step.claim ?? "What this step prepares"}</span></p>
    <p>Missing:</p>
    <ul>
      ${missing.map((what) => markup`<li>${what}</li>`)}
    </ul>
  </div>`;
}

/** The one claim of a step, if it makes one. */
const claimOf = ({ chapter, result }: PlacedStep) =>
  claimsOf({
    chapters: [{ number: chapter, chapter: { title: "", teaches: "", needs: [], steps: [] }, steps: [result], seconds: 0 }],
  })[0];

export function renderClaims(run: Run): Html {
  const rows = run.chapters.flatMap(placedSteps).map((placed) => {
    const claim = claimOf(placed);
    if (claim === undefined) return nothing;
    return markup`<tr class="${claim.seen ? "" : "failed"}" role="row">
      <td role="cell">
        <a href="#${placed.id}"><span class="unseen">Step </span>${placed.name}</a>
      </td>
      <th scope="row" role="rowheader">${claim.claim}</th>
      <td role="cell"><span class="unseen">${claim.seen ? "" : "Missing: "}</span><code>${claim.evidence}</code></td>
      <td role="cell">${verdict(claim.seen)}</td>
    </tr> `;
  });
  return markup`<section id="claims">
    <h2>Every claim and its evidence</h2>
    <p>The evidence is the line of the output that shows the claim; in the step itself it is marked.</p>
    <table class="claims" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader">Step</th>
          <th scope="col" role="columnheader">Claim</th>
          <th scope="col" role="columnheader">Evidence</th>
          <th scope="col" role="columnheader">Verdict</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows}
      </tbody>
    </table>
  </section> `;
}
