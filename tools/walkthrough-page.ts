/** docs/walkthrough.md, as the chapters of the default lab say it. */
import { storyOf } from "../lab/chapters/index.js";
import { defaultLab, namesOf } from "../lab/names.js";
import { prompts, type Step, type Table } from "../lab/runner/chapter.js";

const names = namesOf(defaultLab);
const vault = `http://localhost:${String(names.ports.vault)}`;

const fleet = `${names.folder}/ssh-trust.yaml`;

const shown = (text: string) =>
  text
    .replaceAll("{{vault}}", vault)
    .replaceAll("{{fleet}}", fleet)
    .replaceAll(/\{\{(\w+)\}\}/g, "<$1>");

/** Values from outputs: in which step each was seen last. */
type Seen = Map<string, string>;

/** Where the reader finds the values that stand as `<name>` in the command and in the answers. */
function valuesText({ run, answers = {} }: Step, seen: Seen): string[] {
  const named = [run, ...Object.values(answers)].flatMap((text) =>
    [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name),
  );
  return [...new Set(named)].flatMap((name) => {
    const number = seen.get(name);
    return number === undefined ? [] : [`\`<${name}>\` is in the output of step ${number}.`];
  });
}

function stepText(step: Step, number: string, seen: Seen): string[] {
  const values = valuesText(step, seen);
  for (const name of Object.keys(step.remember ?? {})) seen.set(name, number);
  const prompt = step.on === undefined ? "" : `${prompts[step.on]} `;
  const answers = Object.entries(step.answers ?? {}).map(
    ([question, answer]) => `If it asks “${question}”, answer \`${shown(answer)}\`.`,
  );
  const unasked = step.unasked === undefined ? [] : ["It must not ask anything here."];
  const legend = Object.entries(step.legend ?? {}).map(([field, meaning]) => `- **${field}**: ${meaning}`);
  return [
    `**${number}** ${step.about}`,
    "",
    "```sh",
    prompt + shown(step.run),
    "```",
    "",
    ...(answers.length + unasked.length + values.length === 0 ? [] : [...answers, ...unasked, ...values, ""]),
    ...(legend.length === 0 ? [] : [...legend, ""]),
    ...(step.claim === undefined ? [] : [`_What it shows:_ ${step.claim}.`, ""]),
  ];
}

const tableText = ({ title, head, rows }: Table): string[] => [
  `**${title}**`,
  "",
  ...[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`),
  "",
];

export function walkthroughPage(): string {
  const seen: Seen = new Map();
  return [
    "# What does the tutorial show?",
    "",
    "The chapters as a text to read. `npm run walkthrough` runs chapters 1 to 8 for real and checks every claim, `npm run walkthrough -- --part lab`",
    "chapters 9 to 15, `-- --part fleet` the rest, and `-- --all` all of them. This page does not have the outputs; `-- --report run.html` writes a page with",
    "them. The main questions, with short answers: [security.md](security.md#questions-and-short-answers). Written from `lab/chapters/` by",
    "`npm run docs`; a test fails when they differ.",
    "",
    "In the walkthrough, `ssh` runs with a configuration of its own (`.lab/client/ssh_config`), so that your `~/.ssh` stays",
    "as it is. If you type the commands yourself, add `-F .lab/client/ssh_config` for the same.",
    "The walkthrough deletes `.lab/client/token-header` when it ends. To type the commands that read it, write it again:",
    "`(umask 077; echo 'X-Vault-Token: root-token' > .lab/client/token-header)`.",
    "`ssh-trust` is this folder's: `alias ssh-trust=$PWD/bin/ssh-trust.js`, or type `npx ssh-trust`, which is a second slower.",
    "`laptop$` in front of a command means that it runs in the container `laptop`, the lab's client in chapters 9 to 15, and at times in 18 and 23 (`docker exec -it laptop bash`).",
    "In chapters 20 to 24, `as alice` runs a command on this machine, as on Alice's own one; there the laptop is only her way into the lab's cloud.",
    "`phone` is an authenticator app. Both are in `.lab/client/bin`.",
    "`<name>` in a command or an answer stands for a value from the output of an earlier step. The walkthrough fills it in.",
    "",
    ...storyOf(names).flatMap(({ title, teaches, steps, table }, index) => [
      `## ${String(index + 1)}. ${title}`,
      "",
      teaches,
      "",
      ...steps.flatMap((step, at) => stepText(step, `${String(index + 1)}.${String(at + 1)}`, seen)),
      ...(table === undefined ? [] : tableText(table)),
    ]),
  ].join("\n");
}
