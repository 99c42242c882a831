/** The walkthrough's prompt between chapters, at a terminal. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, task } from "../support/project.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-prompt-"));
  const from = (file: string) => JSON.stringify(join(root, file));
  await writeFile(
    join(folder, "chapters.mjs"),
    `import { command } from ${from("lab/face/command.ts")};
import { main } from ${from("lab/face/main.ts")};
import { onTerminal } from ${from("lab/face/show-walkthrough.ts")};
const chapter = (title) => ({ title, teaches: "…", needs: [], steps: [] });
await main(command("two-chapters", "").action(async () => {
  const { beforeChapter } = onTerminal(true);
  await beforeChapter(1, chapter("one"));
  await beforeChapter(2, chapter("two"));
}));
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Types keys at the prompt, at a terminal of its own. @returns what the terminal shows, and the exit status */
async function atPrompt(keys: string): Promise<{ shown: string; exit: number | null }> {
  const command = `${process.execPath} --import tsx/esm ${join(folder, "chapters.mjs")}`;
  const terminal = spawn("script", ["-qec", command, "/dev/null"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  let shown = "";
  let typed = false;
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    if (typed || !shown.includes("press Enter")) return;
    typed = true;
    terminal.stdin.write(keys);
  });
  await once(terminal, "close");
  return { shown, exit: terminal.exitCode };
}

test.each([
  ["Ctrl-D", "\u0004"],
  ["Ctrl-C", "\u0003"],
])(
  "%s ends the walkthrough as an interruption",
  async (_name, key) => {
    const { shown, exit } = await atPrompt(key);
    expect(shown).toContain("── 1. one ─");
    expect(shown).toContain("ssh-trust: interrupted;");
    expect(shown).not.toContain("2. two");
    expect(exit).toBe(130);
  },
  30_000,
);

test("Enter begins the next chapter", async () => {
  const { shown, exit } = await atPrompt("\r");
  expect(shown).toContain("── 2. two ─");
  expect(exit).toBe(0);
}, 180_000);

test.each([
  ["--all", "--part", "lab"],
  ["--all", "--chapter", "3"],
  ["--part", "lab", "--chapter", "3"],
  ["--part", "cloud"],
])("parts that exclude each other are refused: %s %s %s %s", async (...args: string[]) => {
  const { all, exit } = await task("walkthrough", [...args, "--list"]);
  expect(all).toContain("[USAGE]");
  expect(exit).toBe(2);
});
