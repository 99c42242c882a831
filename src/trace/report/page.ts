/** A trace as one HTML page that needs nothing else. */
import { renderDocument } from "../../page/document.js";
import { Html, markup } from "../../page/html.js";
import { describeCommand, describeLeftOut } from "../describe-end.js";
import type { LogLine } from "../log.js";
import { spokenStage, stageNames, type Entry, type Phase, type Refusal, type Trace } from "../trace.js";
import { loginDrawing } from "./drawing.js";
import { renderHint } from "./hint.js";
import { traceStyle } from "./style.js";

/**
 * @param program what `ssh-trust` is called here, for the commands of a hint
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { renderTrace, traceLogin } from "ssh-trust";
 *
 * const options = ["-p", "3022", "-i", "id_ed25519"];
 * const trace = await traceLogin({ destination: "admin-ssh-user@localhost", command: ["whoami"], options, timeoutSeconds: 30 });
 * await writeFile("login.html", renderTrace(trace), { mode: 0o600 });
 * ```
 */
export function renderTrace(trace: Trace, program = "ssh-trust"): string {
  const { destination, refusal, phases, log } = trace;
  const body = markup`<header>
      <p class="kicker">ssh-trust trace</p>
      <h1>A login, seen from inside</h1>
      ${summary(trace)}
    </header>
    <main>
      ${refusal === undefined ? "" : problem(refusal, program)} ${shares(trace)}
      <section id="drawing">
        <h2>The conversation</h2>
        ${loginDrawing(trace)}
      </section>
      <div id="phases">${phases.map(renderPhase)}</div>
      <section id="log">
        <h2>What ssh itself said</h2>
        <p>
          The log of <code>ssh -vvv</code>, each line with the milliseconds since the start; a number that is a link leads to what was
          read from it. Lines in italics came through ssh from others. The values of <code>SetEnv</code> and <code>SendEnv</code> are
          left out. ${describeLeftOut(trace)}
        </p>
        ${renderLog(log, phases)}
      </section>
    </main>
    <footer>
      <p>
        This login was real. Passwords and private keys are in no part of ssh's log, and so not on this page. Names of hosts, accounts,
        files and keys are, and so are the commands: this one, a <code>ProxyCommand</code>, a <code>Match exec</code>. Read it before you
        pass it on.
      </p>
    </footer>`;
  return renderDocument({
    title: `${refusal === undefined ? "Logged in" : "Not logged in"}: ${destination}`,
    style: traceStyle,
    skip: { to: "phases", text: "Skip to the phases" },
    body,
  });
}

function summary(trace: Trace): Html {
  const { destination, command, version, startedAt, refusal, phases } = trace;
  const when = startedAt.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });
  const end = phases.find(({ stage }) => stage === "user")?.entries.at(-1);
  const verdict =
    refusal === undefined
      ? markup`<span class="verdict yes"><span aria-hidden="true">✓</span> Logged in</span> after ${ms(end?.at ?? 0)}${describeCommand(trace)}.`
      : markup`<span class="verdict no"><span aria-hidden="true">✗</span> Not logged in:</span> it ended in ${spokenStage(phases.at(-1)?.stage ?? "setup")}.`;
  return markup`<p class="lead">${verdict}</p>
    <p class="circumstances">
      <code>ssh ${destination} ${command}</code>, with ${version}, <time datetime="${startedAt.toISOString()}">${when} UTC</time>.
    </p>`;
}

const problem = ({ reason, hint }: Refusal, program: string): Html =>
  markup`<section class="problems">
    <h2>Why it ended</h2>
    <p class="reason">${reason}</p>
    <p>What helps: ${renderHint(hint, program)}</p>
  </section>`;

function shares({ phases, took }: Trace): Html {
  return markup`<section id="times">
    <h2>Where the time went</h2>
    <table class="shares">
      <tbody>
        ${phases.map((phase) => {
          const percent = took === 0 ? 0 : Math.round((100 * phase.took) / took);
          return markup`<tr>
            <th scope="row"><a href="#${phase.stage}">${stageNames[phase.stage].title}</a></th>
            <td class="bar"><span class="${phase.stage}" style="width: ${Math.max(1, percent)}%"></span></td>
            <td>${ms(phase.took)}</td>
            <td>${percent} %</td>
          </tr> `;
        })}
      </tbody>
    </table>
  </section>`;
}

function renderPhase({ stage, took, entries }: Phase): Html {
  const { number, title, about } = stageNames[stage];
  return markup`<section id="${stage}">
    <h2><span class="phase-name">${number === undefined ? "After the handshake" : `Phase ${String(number)}`}, ${ms(took)}</span> ${title}</h2>
    <p>${about}</p>
    <ol class="entries">
      ${entries.map(renderEntry)}
    </ol>
  </section> `;
}

const ways: Readonly<Record<Entry["way"], readonly [sign: string, words: string]>> = {
  client: ["→", "the client says:"],
  server: ["←", "the server says:"],
  both: ["↔", "both:"],
  here: ["·", "the client:"],
};

function renderEntry(entry: Entry): Html {
  const { at, took, way, what, message, facts, mark = "", lines } = entry;
  const [sign, words] = ways[way];
  return markup`<li class="entry ${mark}" id="${idOf(entry)}">
    <span class="at">${ms(at)}</span>
    <span class="took">+${took.toFixed(1)}</span>
    <span class="way"><span aria-hidden="true">${mark === "refused" ? "✗" : sign}</span><span class="unseen">${words}</span></span>
    <div>
      <p class="what"><span>${what}</span> ${message === undefined ? "" : markup`<code class="message">${message}</code>`}</p>
      ${facts.length === 0 ? "" : markup`<dl>${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div> `)}</dl>`}
      ${lines.length === 0 ? "" : markup`<p class="from">log: ${links(lines)}</p>`}
    </div>
  </li> `;
}

const idOf = ({ stage, lines, at }: Entry) =>
  `${stage}-${lines.length === 0 ? `at-${at.toFixed(3).replace(".", "-")}` : lines.map(String).join("-")}`;

const links = (lines: readonly number[]): Html[] =>
  [...new Set(lines)].map((line, index) => markup`${index === 0 ? "" : ", "}<a href="#line-${line + 1}">${line + 1}</a>`);

function renderLog(log: readonly LogLine[], phases: readonly Phase[]): Html {
  if (log.length === 0) return markup`<p>It said nothing.</p>`;
  const readers = new Map(
    phases.flatMap(({ entries }) => entries.flatMap((entry) => entry.lines.map((line) => [line, idOf(entry)] as const))),
  );
  return markup`<details>
    <summary>All ${log.length} lines</summary>
    <div class="terminal log"><pre>${log.map((line, index) => renderLine(line, index, readers.get(index)))}</pre></div>
  </details>`;
}

/** No blanks around: in a terminal they would be seen. */
function renderLine({ at, by, level, where, text }: LogLine, index: number, reader: string | undefined): Html {
  const number = String(index + 1);
  const linked = reader === undefined ? markup`${number}` : markup`<a href="#${reader}">${number}</a>`;
  const margin = markup`${" ".repeat(Math.max(0, 4 - number.length))}${linked}<span class="at">${at.toFixed(1).padStart(9)}</span>`;
  const said = `${level === "" ? "" : `${level}: `}${text}`;
  return markup`<span class="line ${by}" id="line-${number}" title="${where}">${margin}  <code>${said}</code></span>`;
}

const ms = (time: number) => `${time.toFixed(time < 100 ? 1 : 0)}\u00a0ms`;
