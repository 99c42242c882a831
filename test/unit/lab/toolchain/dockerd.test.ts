import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readPidFile } from "../../../../lab/toolchain/dockerd.js";
import { exists } from "../../../../src/toolchain/cache.js";
import { findProgram } from "../../../../src/toolchain/find-program.js";
import { startDetached } from "../../../../lab/toolchain/start-detached.js";
import { openBench } from "../../toolchain/support.js";

describe("the file an engine writes its process number to", () => {
  test.each([
    ["a process that is no more", "99999999"],
    ["another program's process", String(process.pid)],
    ["nothing", ""],
    ["something else", "dockerd"],
  ])("naming %s, it is removed", async (_what, content) => {
    await using bench = await openBench();
    const file = join(bench.folder, "docker.pid");
    await writeFile(file, content);
    expect(await readPidFile(file)).toBe("none");
    expect(await exists(file)).toBe(false);
  });

  test("not there: no engine", async () => {
    expect(await readPidFile("/nonexistent/docker.pid")).toBe("none");
  });

  test("naming a process called dockerd, it is left alone", async () => {
    await using bench = await openBench();
    const program = join(bench.folder, "dockerd");
    await copyFile((await findProgram("sleep")) ?? "", program);
    const pid = await startDetached(program, ["30"], join(bench.folder, "log"));
    try {
      const file = join(bench.folder, "docker.pid");
      await writeFile(file, String(pid));
      await until(async () => (await readFile(`/proc/${String(pid)}/comm`, "utf8")).trim() === "dockerd");
      expect(await readPidFile(file)).toBe("alive");
      expect(await exists(file)).toBe(true);
    } finally {
      process.kill(pid);
    }
  });
});

test("a detached program leads a session of its own and writes to the log, both streams, after what was there", async () => {
  await using bench = await openBench();
  const log = join(bench.folder, "logs", "dockerd.log");
  await startDetached("sh", ["-c", "echo before"], log);
  await until(async () => (await readFile(log, "utf8")) === "before\n");
  const pid = await startDetached("sh", ["-c", "echo out; echo err >&2; exec sleep 30"], log);
  try {
    await until(async () => (await readFile(log, "utf8")) === "before\nout\nerr\n");
    // proc(5): after the name in brackets come state, parent, process group, session
    const fields = (await readFile(`/proc/${String(pid)}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
    expect(fields[3]).toBe(String(pid));
  } finally {
    process.kill(pid);
  }
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 10))) {
    if (await condition()) return;
  }
  throw new Error("waited 10 s for nothing");
}
