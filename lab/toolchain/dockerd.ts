import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { fail } from "../errors/catalogue.js";
import type { LabSettings } from "../settings/lab.js";
import { exists } from "../../src/toolchain/cache.js";
import { lastWords, runAsAdministrator } from "../../src/toolchain/run.js";
import { startDetached } from "./start-detached.js";
import { readSystem } from "../../src/toolchain/system.js";
import type { Surroundings } from "../../src/toolchain/surroundings.js";

const socket = "/var/run/docker.sock";
const pidFile = "/var/run/docker.pid";

/**
 * Starts the Docker engine, unless one runs: through systemd where that is in charge, otherwise as a process of its own
 * that outlives ours and writes to `logFile`. Does not wait until it answers.
 * @returns what was done
 * @throws DOCKER_DOWN when it may not be started, or systemd could not
 */
export async function startDockerd(
  settings: LabSettings,
  logFile: string,
  surroundings: Surroundings = {},
): Promise<"running" | "started with systemctl" | "started"> {
  if (await accepts(socket)) return "running";
  const { root } = surroundings.system ?? (await readSystem());
  if (!settings.mayInstall || !root) throw fail("DOCKER_DOWN", { where: socket });

  if (await exists("/run/systemd/system")) {
    await runAsAdministrator("systemctl", ["start", "docker"], surroundings).catch((error: unknown) => {
      throw fail("DOCKER_DOWN", { where: `${socket} (systemctl start docker: ${lastWords(error)})` }, error);
    });
    return "started with systemctl";
  }
  // still on its way up, or down
  if ((await readPidFile(pidFile)) === "alive") return "running";
  await startDetached("dockerd", [], logFile);
  return "started";
}

/**
 * Whether the engine that wrote the file runs. A file that a killed engine left is removed: dockerd refuses to start
 * when its number has been given to any other process.
 */
export async function readPidFile(file: string): Promise<"alive" | "none"> {
  const pid = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
  const name = Number.isNaN(pid) ? "" : await readFile(`/proc/${String(pid)}/comm`, "utf8").catch(() => "");
  if (name.trim() === "dockerd") return "alive";
  await rm(file, { force: true });
  return "none";
}

async function accepts(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const connection = connect(path);
    const done = (answer: boolean) => {
      connection.destroy();
      settle(answer);
    };
    connection
      .once("connect", () => {
        done(true);
      })
      .once("error", () => {
        done(false);
      });
  });
}
