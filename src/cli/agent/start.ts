/** Starting an agent that goes on when this command has ended, and finding one that runs. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { makeFolder } from "../../ground/make-folder.js";
import { ownPackage } from "../../ground/own-package.js";
import { askStatus, askToLook, type AgentStatus } from "../../people/agent/control.js";
import { agentPlace } from "../../people/agent/place.js";
import { programName } from "../../settings/program.js";
import { childEnvironment } from "../../settings/login.js";
import { readSshConfigPlaces } from "../../settings/ssh-config.js";
import type { SignInSettings } from "../../settings/sign-in.js";

/**
 * It runs all day and does little: memory counts, speed hardly. After 10,000 conversations it has 40 % less memory by these, and each costs
 * 0.3 ms more of CPU. They are V8's, and of this Node: no unit of a service manager names them, as Node may be another one tomorrow.
 */
const sparing = ["--max-semi-space-size=1", "--no-opt", "--optimize-for-size"];

/** The program, and the arguments that come before a verb. */
export const ownProgram = (): readonly string[] => [
  process.execPath,
  // Else a signal opens its debugger, which every user of the machine can reach. Since Node 22.14.
  ...(process.allowedNodeEnvironmentFlags.has("--disable-sigusr1") ? ["--disable-sigusr1"] : []),
  join(ownPackage().folder, "bin/ssh-trust.js"),
];

/** What an agent is started by here. */
export const agentProgram = (): readonly string[] => {
  const [node = "", ...args] = ownProgram();
  return [node, ...sparing, ...args, "agent", "run"];
};

export const logOf = ({ state }: Pick<SignInSettings, "state">): string => join(state, "agent.log");

/**
 * @returns the one that runs, and whether it was started now
 * @throws AGENT_NOT_STARTED, AGENT_SILENT, AGENT_NO_PLACE
 */
export async function ensureAgent(
  settings: SignInSettings,
): Promise<{ readonly status: AgentStatus; readonly started: boolean }> {
  const place = await agentPlace(settings);
  const running = await askStatus(place.control);
  if (running !== undefined) return { status: running, started: false };
  await makeFolder(settings.state, 0o700).catch(() => undefined); // without a log, then
  // Without a core file, whatever this shell has: keys and the token are in its memory.
  const args = ["-c", 'ulimit -c 0; exec "$@"', "sh", ...agentProgram(), "--log", logOf(settings)];
  const child = spawn("sh", args, {
    detached: true, // no Ctrl-C, and no closed terminal, reaches it
    cwd: "/",
    env: childEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4096)));
  const ended = new Promise<"ended">((resolve) => {
    for (const event of ["close", "error"])
      child.once(event, () => {
        resolve("ended");
      });
  });
  try {
    for (let tries = 0; tries < 100; tries++) {
      const status = await askStatus(place.control);
      if (status !== undefined) return { status, started: status.pid === child.pid };
      const over = await Promise.race([ended, new Promise<"later">((resolve) => setTimeout(resolve, 100, "later"))]);
      if (over === "ended") {
        const other = await askStatus(place.control); // started at the same moment
        if (other !== undefined) return { status: other, started: false };
        throw fail("AGENT_NOT_STARTED", { reason: reasonIn(said) });
      }
    }
    child.kill();
    throw fail("AGENT_NOT_STARTED", { reason: "it does not answer" });
  } finally {
    child.stderr.destroy();
    child.unref();
  }
}

/** Throws nothing. @returns undefined where one does not answer, or cannot be looked for */
export async function agentRuns(settings: SignInSettings): Promise<boolean | undefined> {
  try {
    return (await askStatus((await agentPlace(settings)).control)) !== undefined;
  } catch {
    return undefined;
  }
}

/** Its first line is the error. */
const reasonIn = (said: string) =>
  (said.split("\n").find((line) => line.includes("error:")) ?? said.split("\n")[0] ?? "")
    .replace(/^.*?error: /, "")
    .replace(/ +\[[A-Z_]+\]$/, "") || "it ended";

/** A sign-in began or ended: an agent that runs looks at once. Nothing happens where none runs, or it does not answer. */
export async function tellAgent(settings: SignInSettings): Promise<void> {
  try {
    await askToLook((await agentPlace(settings)).control);
  } catch {
    // it finds out at the next login
  }
}

/**
 * After a sign-in: plain ssh needs an agent where its configuration names one. No sign-in fails for it.
 * @returns what is to be told
 */
export async function agentAfterSignIn(settings: SignInSettings): Promise<readonly string[]> {
  const { filesIn } = await import("../../people/ssh-config/fleet-files.js");
  if ((await filesIn(readSshConfigPlaces().folder)).length === 0) {
    await tellAgent(settings);
    return [];
  }
  try {
    const { started } = await ensureAgent(settings);
    if (!started) await tellAgent(settings);
    return started
      ? [
          `the agent was started: plain ssh is signed in, too; if it says "Permission denied", see why: ${programName()} agent status`,
        ]
      : [];
  } catch (error) {
    return [`plain ssh has no agent: ${reasonOf(error)}`];
  }
}
