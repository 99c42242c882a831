/** A run of the walkthrough as one HTML page that needs nothing else: no network, no script, no second file. */
import { renderDocument } from "../../src/page/document.js";
import { Html, markup } from "../../src/page/html.js";
import { chapterId, duration, placedSteps, renderChapter, renderClaims, verdict, type PlacedStep } from "./steps.js";
import { reportStyle } from "./style.js";
import { claimsOf, wasSeen, type ChapterResult, type Figure, type Run } from "../runner/chapter.js";
import { trustDrawing } from "./trust-drawing.js";
import { defaultLab, namesOf, type LabNames } from "../names.js";

const title = "From trust on first use to SSH certificates";

/** @param names of the lab that it ran in */
export function renderReport(run: Run, { ports }: Pick<LabNames, "ports"> = namesOf(defaultLab)): string {
  const steps = run.chapters.flatMap(placedSteps);
  const failed = steps.filter(({ result }) => !wasSeen(result));
  const body = markup`<header>
      <p class="kicker">ssh-trust walkthrough</p>
      <h1>${title}</h1>
      ${summary(run, steps)}
    </header>
    <main>
      ${problems(failed, run.figures.filter(isOver))} ${figures(run.figures)}
      <section id="trust">
        <h2>Who trusts whom</h2>
        ${trustDrawing(ports)}
      </section>
      ${contents(run.chapters)}
      <div id="chapters">${run.chapters.map(renderChapter)}</div>
      ${renderClaims(run)}
    </main>
    <footer>
      <p>
        Every command on this page was run, and every output is what it wrote, whole. Only the terminal's own escape sequences
        are left out, and other control characters are shown as signs.
      </p>
    </footer>`;
  return renderDocument({
    title: `${failed.length > 0 ? "Not all seen: " : ""}${title}`,
    style: reportStyle,
    skip: { to: "chapters", text: "Skip to the chapters" },
    body,
  });
}

function summary(run: Run, steps: readonly PlacedStep[]): Html {
  const claims = claimsOf(run);
  const seen = claims.filter((claim) => claim.seen).length;
  const versions = Object.entries(run.versions).map((entry) => entry.join(" "));
  const failed = steps.filter(({ result }) => !wasSeen(result)).length;
  const short = failed > 0 ? `; ${counted(failed, "step")} did not show what was expected` : "";
  return markup`<p class="lead">
      ${verdict(steps.length > 0 && failed === 0, "Seen:", "Not all seen:")} <strong>${seen} of ${counted(claims.length, "claim")}</strong>,
      in ${counted(run.chapters.length, "chapter")} and ${counted(steps.length, "step")}, each run for real${short}.
    </p>
    <p class="circumstances">
      ${time(run.startedAt)} to ${time(run.endedAt, run.startedAt)}${versions.length > 0 ? `, with ${listed(versions)}` : ""}. The chapters
      took ${duration(run.seconds)}, without the preparations and pauses.
    </p>`;
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/** @param after a time that was said just before: on the same day, only the hour is said */
function time(date: Date, after?: Date): Html {
  const sameDay = after !== undefined && dayOf(after) === dayOf(date);
  const shown = date.toLocaleString("en-GB", { ...(sameDay ? {} : { dateStyle: "long" }), timeStyle: "short", timeZone: "UTC" });
  return markup`<time datetime="${date.toISOString()}">${shown} UTC</time>`;
}

const counted = (count: number, noun: string) => `${String(count)} ${noun}${count === 1 ? "" : "s"}`;

const listed = (items: readonly string[]) => new Intl.ListFormat("en-GB").format(items);

/** What went wrong, first of all, each with the way to it. */
function problems(failed: readonly PlacedStep[], over: readonly Figure[]): Html {
  if (failed.length + over.length === 0) return markup``;
  return markup`<section class="problems">
    <h2>What was not as it should be</h2>
    <ul>
      ${failed.map(
        ({ id, name, result }) =>
          markup`<li>
            <a href="#${id}">Step ${name}: ${result.step.claim ?? result.step.about}</a>
            <span class="missing">Missing: ${result.missing.join("; ")}</span>
          </li> `,
      )}${over.map((figure) => markup`<li><a href="#figures">${figure.what}</a> <span class="missing">${measure(figure.value, figure)}, limit ${measure(figure.limit, figure)}</span></li> `)}
    </ul>
  </section>`;
}

const isOver = ({ value, limit }: Figure) => value > limit;

const measure = (number: number, { unit }: Figure) =>
  `${number.toLocaleString("en-GB", { maximumFractionDigits: 2 })}${unit === "s" ? "\u00a0s" : unit}`;

function figures(all: readonly Figure[]): Html {
  if (all.length === 0) return markup``;
  return markup`<section id="figures">
    <h2>How long it took</h2>
    <table class="figures">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Measured</th>
          <th scope="col">Limit</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          (figure) =>
            markup`<tr class="${isOver(figure) ? "failed" : ""}">
              <th scope="row">${figure.what}</th>
              <td>${measure(figure.value, figure)}</td>
              <td>${measure(figure.limit, figure)}</td>
              <td>${verdict(!isOver(figure), "Met", "Not met")}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </section>`;
}

function contents(chapters: readonly ChapterResult[]): Html {
  return markup`<nav aria-labelledby="contents">
    <h2 id="contents">Contents</h2>
    <ol>
      ${chapters.map((result) => {
        const claims = claimsOf({ chapters: [result] });
        const seen = claims.filter((claim) => claim.seen).length;
        return markup`<li value="${result.number}">
          <a href="#${chapterId(result.number)}">${result.chapter.title}</a>
          <span class="tally"
            >${verdict(result.steps.every(wasSeen), `${String(seen)} of ${counted(claims.length, "claim")}`, `${String(seen)} of ${counted(claims.length, "claim")}, not all seen`)}</span
          >
        </li> `;
      })}
    </ol>
    <p><a href="#claims">Every claim and its evidence</a></p>
  </nav>`;
}
