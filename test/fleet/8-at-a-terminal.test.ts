/** `ssh-trust apply` at a terminal: where it says that it goes, what an interruption may have done, and what comes next. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { fleetFolder, type FleetFolder } from "../support/fleet.js";
import { sshTrustFile } from "../support/project.js";
import { startServer, type Server } from "../support/servers.js";

jest.setTimeout(180_000);
let server: Server;
let fleet: FleetFolder;
beforeAll(async () => {
  server = await startServer("OpenBao");
  fleet = await fleetFolder(server);
}, 300_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** @param answers what is typed, each when what stands before it is shown */
async function atTerminal(...answers: readonly (readonly [shown: string, typed: string])[]) {
  const command = `stty cols 80; exec ${process.execPath} ${sshTrustFile} apply`;
  const env = { ...process.env, ...server.env(), NO_COLOR: "1" };
  const terminal = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: fleet.folder,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const left = [...answers];
  let shown = "";
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const [next] = left;
    if (next === undefined || !shown.includes(next[0])) return;
    left.shift();
    terminal.stdin.write(next[1]);
  });
  await once(terminal, "close");
  return { shown: shown.replaceAll("\r\n", "\n"), exit: terminal.exitCode, left };
}
const question = () => `\napply this to Vault at ${server.address}? [y/N] `;
const isApplied = async () => (await server.ask("ssh-trust/data/fleet")).status === 200;

test("interrupted at the question: nothing was changed, and it is said", async () => {
  const { shown, exit, left } = await atTerminal(["[y/N]", "\u0003"]);
  expect({ exit, left }).toEqual({ exit: 130, left: [] });
  expect(shown).toContain(question());
  expect(shown).toMatch(/interrupted; nothing was changed in Vault/);
  expect(await isApplied()).toBe(false);
});

test("interrupted while Terraform is at work: what may be half-done is said, and that it goes on from there", async () => {
  const { shown, exit, left } = await atTerminal(["[y/N]", "y\r"], ["Terraform applies", "\u0003"]);
  expect({ exit, left }).toEqual({ exit: 130, left: [] });
  expect(shown.replaceAll(/\s+/g, " ")).toMatch(
    /interrupted; Vault may be partly changed.*the same command continues from there/,
  );
  expect(await isApplied()).toBe(false);
});

test("again: it comes to its end, and says what comes next; no line is wider than the terminal", async () => {
  const { shown, exit } = await atTerminal(["[y/N]", "y\r"]);
  expect(exit).toBe(0);
  expect(shown).toMatch(
    /\napplied[^]*\nnext:\n[^]*ssh-trust host add <name> --out user-data\n {2}invite people of platform and dba:\n {4}ssh-trust people add <name> --group <group> --out <file>\n/,
  );
  const lines = shown.slice(shown.indexOf("What changes")).split("\n");
  expect(lines.filter((line) => !["\u001b", "SHA256:"].some((each) => line.includes(each)) && line.length > 80)).toEqual([]);
  expect(await isApplied()).toBe(true);
});
