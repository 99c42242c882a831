/** What a signal does to a command: whoever listens has time to come to an end, and nothing else is waited for. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { root } from "../support/project.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-interrupted-"));
  const from = (file: string) => JSON.stringify(join(root, file));
  await writeFile(
    join(folder, "command.mjs"),
    `import { setTimeout as after } from "node:timers/promises";
import { verb } from ${from("src/terminal/command.ts")};
import { main, sayIfInterrupted, signalOf } from ${from("src/terminal/main.ts")};
const actions = {
  deaf: async () => { console.log("at work"); await after(60_000); },
  tidy: async (signal) => {
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    const working = setInterval(() => undefined, 1000);
    console.log("at work");
    await aborted;
    await after(300);
    clearInterval(working);
    console.log("tidied up");
    signal.throwIfAborted();
  },
  changing: async () => {
    sayIfInterrupted(command, "Vault may be half-changed");
    console.log("at work");
    await after(60_000);
  },
  busy: async (signal) => {
    signal.addEventListener("abort", () => undefined);
    console.log("at work");
    await after(60_000);
  },
};
const command = verb("work", []).argument("<how>").action((how, _options, declared) => actions[how](signalOf(declared)));
await main(command, { program: "ssh-trust" });
`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function interrupted(how: string, ...signals: readonly NodeJS.Signals[]) {
  const work = execa(process.execPath, ["--import", "tsx/esm", join(folder, "command.mjs"), how], {
    cwd: root,
    reject: false,
    stdin: "ignore",
    all: true,
    timeout: 20_000,
  });
  await new Promise((resolve) => work.stdout.once("data", resolve));
  for (const signal of signals) {
    work.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100)); // two signals at once are one
  }
  const begun = Date.now();
  const { exitCode, all } = await work;
  return { exit: exitCode, all, took: Date.now() - begun };
}

const told = "interrupted; no file is half-written, and the same command can be run again";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s ends a command that does not listen at once, with status %i",
  async (signal, status) => {
    const { exit, all, took } = await interrupted("deaf", signal);
    expect(exit).toBe(status);
    expect(all).toContain(told);
    expect(took).toBeLessThan(3000);
  },
  30_000,
);

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s: a command that listens tidies up first; its error is not told, and the status is %i",
  async (signal, status) => {
    const { exit, all } = await interrupted("tidy", signal);
    expect(exit).toBe(status);
    expect(all).toMatch(/interrupted[\s\S]*tidied up/);
    expect(all).not.toContain("error:");
  },
  30_000,
);

test("a command that changes more than files says what", async () => {
  const { exit, all } = await interrupted("changing", "SIGINT");
  expect(exit).toBe(130);
  expect(all).toContain("ssh-trust: interrupted; Vault may be half-changed");
  expect(all).not.toContain(told);
}, 180_000);

test("a second signal ends one that does not come to an end", async () => {
  const { exit, took } = await interrupted("busy", "SIGINT", "SIGINT");
  expect(exit).toBe(130);
  expect(took).toBeLessThan(3000);
}, 180_000);
