import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { silent } from "../../src/ground/progress.js";
import { resolveChromium, resolveClients, resolveRsync, resolveShellcheck } from "../../lab/toolchain/clients.js";
import { bareDebian, openBench } from "../unit/toolchain/support.js";

test("the clients are found where they are, with their versions", async () => {
  await using bench = await openBench();
  const parts = await resolveClients(bench.settings, silent);
  expect(parts.map(({ name }) => name)).toEqual(["openssh-client", "curl"]);
  for (const part of parts)
    expect(part).toMatchObject({ how: "found", version: expect.stringMatching(/^\d/), where: part.binary });
});

test("a PATH with nothing on it: TOOL_MISSING, naming the package", async () => {
  await using bench = await openBench();
  await expect(resolveClients(bench.settings, silent, bareDebian)).rejects.toMatchObject({
    code: "TOOL_MISSING",
    hint: [{ run: expect.stringContaining("apt-get install openssh-client") as unknown }],
  });
  for (const resolve of [resolveShellcheck, resolveRsync, resolveChromium])
    await expect(resolve(bench.settings, silent, bareDebian)).rejects.toMatchObject({ code: "TOOL_MISSING" });
});

/** A folder with programs that print `text`, to stand for an ssh of another age. */
async function programs(folder: string, names: readonly string[], text: string): Promise<{ PATH: string }> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    await writeFile(join(folder, name), `#!/bin/sh\necho '${text}' >&2\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

test("an ssh without its ssh-keyscan counts as missing", async () => {
  await using bench = await openBench();
  const environment = await programs(join(bench.folder, "bin"), ["ssh", "ssh-keygen"], "OpenSSH_9.9p1");
  await expect(resolveClients(bench.settings, silent, { environment })).rejects.toMatchObject({ code: "TOOL_MISSING" });
});

test("Chromium is Debian's without windows, or a whole one where that is not there", async () => {
  await using bench = await openBench();
  const folder = join(bench.folder, "bin");
  const environment = await programs(folder, ["chromium"], "Chromium 1.2.3");
  expect(await resolveChromium(bench.settings, silent, { environment })).toMatchObject({ binary: join(folder, "chromium") });
  await programs(folder, ["chromium-headless-shell"], "Chromium 1.2.3");
  const { binary, version } = await resolveChromium(bench.settings, silent, { environment });
  expect({ binary, version }).toEqual({ binary: join(folder, "chromium-headless-shell"), version: "1.2.3" });
});

test("an OpenSSH before 8.5 is too old", async () => {
  await using bench = await openBench();
  const all = ["ssh", "ssh-keygen", "ssh-keyscan", "curl"];
  const environment = await programs(join(bench.folder, "bin"), all, "OpenSSH_8.4p1 Debian-5+deb11u3, OpenSSL 1.1.1w");
  await expect(resolveClients(bench.settings, silent, { environment })).rejects.toMatchObject({
    code: "TOOL_TOO_OLD",
    message: "openssh-client is 8.4p1, but 8.5 or later is needed",
  });
});
