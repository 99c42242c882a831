/** docs/errors.md, as the catalogues say it. */
import { labCatalogue } from "../lab/errors/catalogue.js";
import { catalogue } from "../src/errors/catalogue.js";
import type { Catalogue } from "../src/errors/entry.js";
import { failFrom } from "../src/errors/failure.js";
import { hintsForPeople } from "../src/errors/for-people.js";
import { hintText, typed } from "../src/errors/hint.js";

/** Each field as its name: a command among them too. */
const fields = new Proxy(
  {},
  {
    get: (_target, name) =>
      String(name) === "how" || String(name) === "hint" ? { say: "(its hint says it, for each case)" } : `<${String(name)}>`,
  },
);
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");

function rowsOf(entries: Catalogue): string[] {
  const fail = failFrom(entries);
  return Object.keys(entries).map((code) => {
    const { message, hint, exit } = fail(code, fields as never);
    const shown = hintText(hint, (run) => typed(run, "ssh-trust"));
    return `| \`${code}\` | ${cell(message)} | ${cell(shown)} | ${String(exit)} |`;
  });
}

const peopleRows = Object.entries(hintsForPeople).map(
  ([code, hint]) => `| \`${code}\` | ${cell(hintText(hint(fields as never), (run) => typed(run, "ssh-trust")))} |`,
);

const table = (entries: Catalogue) => [
  "| code | what happened | what to do | exit |",
  "| --- | --- | --- | --- |",
  ...rowsOf(entries),
];

export function errorsPage(): string {
  return [
    "# What does this error mean?",
    "",
    "Every error has a permanent code, says what happened, and ends in a hint. Exit status 2: the command, an option or a setting is wrong;",
    "1: anything else, such as the content of a file. This page is written from `src/errors/` and `lab/errors/` by `npm run docs`; a test fails when",
    "they differ.",
    "",
    "## Of the toolkit",
    "",
    "In the lab, if an npm task repairs it, the hint names that task.",
    "",
    ...table(catalogue),
    "",
    "### What people are told",
    "",
    "People who call `login`, `whoami`, `ssh`, `sign` and the like cannot repair Vault or change the fleet. They are told this instead:",
    "",
    "| code | what to do |",
    "| --- | --- |",
    ...peopleRows,
    "",
    "## Of the lab",
    "",
    ...table(labCatalogue),
    "",
  ].join("\n");
}
