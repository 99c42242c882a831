/** The places where a chapter's commands are typed: the project's folder, and the laptop. */
import { execa } from "execa";
import { engineAddress } from "../docker/engine-options.js";
import type { LabSettings } from "../settings/lab.js";
import { asking, type ClientHome } from "./client-home.js";
import type { Answers, PlaceName } from "./chapter.js";

/** Runs a command to its end, at most for five minutes. */
export type Place = (command: string, answers: Answers) => Promise<{ readonly output: string; readonly exit: number }>;

export type Places = Readonly<Record<PlaceName, Place>>;

const seconds = 300;

/** @param home the client that is used in the project's folder */
export function placesOf(
  { root, dockerHost, names }: Pick<LabSettings, "root" | "dockerHost" | "names">,
  home: Pick<ClientHome, "env">,
): Places {
  // The docker command has contexts; without this it may speak to another engine than the lab does.
  const engine = { DOCKER_HOST: engineAddress({ dockerHost }) };
  return {
    here: (command, answers) => run("bash", ["-c", command], { cwd: root, env: { ...home.env, ...engine, ...spoken(answers) } }),
    laptop: (command, answers) => {
      // Names only: a value would stand in the list of processes, and an answer may be a password.
      const env = { ...laptopEnvironment, ...spoken(answers) };
      const passed = Object.keys(env).flatMap((name) => ["--env", name]);
      // What runs in the container outlives `docker exec`: it gets a limit of its own.
      const limited = ["timeout", "--kill-after=5", String(seconds), "bash", "-lc", command];
      return run("docker", ["exec", ...passed, names.container("laptop"), ...limited], { cwd: root, env: { ...env, ...engine } });
    },
  };
}

const laptopEnvironment = asking("/usr/local/bin/answer");

/** How the program that ssh asks finds the answers: a question's part and its answer, a line each. */
const spoken = (answers: Answers) => ({
  SSH_TRUST_ANSWERS: Object.entries(answers).flat().join("\n"),
});

async function run(program: string, args: readonly string[], options: { cwd: string; env?: Record<string, string> }) {
  const result = await execa(program, args, {
    ...options,
    stdin: "ignore",
    all: true,
    reject: false,
    timeout: (seconds + 10) * 1000,
  });
  const output = result.all.replaceAll("\r", "");
  return {
    output: result.timedOut ? `${output}\n(ended after ${String(seconds)} s)` : output,
    exit: result.exitCode ?? 128,
  };
}
