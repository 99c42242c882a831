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

function stepText(step: Step, number: string): string[] {
  const prompt = step.on === undefined ? "" : `${prompts[step.on]} `;
  const answers = Object.entries(step.answers ?? {}).map(
    ([question, answer]) => `Asked “${question}”, answer \`${shown(answer)}\`.`,
  );
  const legend = Object.entries(step.legend ?? {}).map(([field, meaning]) => `- **${field}**: ${meaning}`);
  return [
    `**${number}** ${step.about}`,
    "",
    "```sh",
    prompt + shown(step.run),
    "```",
    "",
    ...(answers.length === 0 ? [] : [...answers, ""]),
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
  return [
    "# What does the tutorial show?",
    "",
    "`npm run walkthrough` runs chapters 1 to 8 for real and checks every claim, `npm run walkthrough -- --part lab` chapters 9 to 15,",
    "`-- --part fleet` the rest, and `-- --all` all of them; here it is to read. Written from `lab/chapters/` by `npm run docs`; a test fails when they differ.",
    "",
    "In the walkthrough, `ssh` runs with a configuration of its own (`.lab/client/ssh_config`), so that your `~/.ssh` stays",
    "as it is. If you type the commands yourself, add `-F .lab/client/ssh_config` for the same.",
    "`ssh-trust` is this folder's: `alias ssh-trust=$PWD/bin/ssh-trust.js`, or type `npx ssh-trust`, which is a second slower.",
    "In chapters 20 to 24, `as alice` runs a command as on Alice's own machine, and `phone` is an authenticator app: both are in `.lab/client/bin`.",
    "",
    ...storyOf(names).flatMap(({ title, teaches, steps, table }, index) => [
      `## ${String(index + 1)}. ${title}`,
      "",
      teaches,
      "",
      ...steps.flatMap((step, at) => stepText(step, `${String(index + 1)}.${String(at + 1)}`)),
      ...(table === undefined ? [] : tableText(table)),
    ]),
  ].join("\n");
}
