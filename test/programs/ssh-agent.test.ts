/** The client of ssh-agent, and the agent of our own, with OpenSSH's real one. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { connectAgent } from "../../src/ssh/agent/client.js";
import { ephemeralKey } from "../../src/ssh/agent/ephemeral-key.js";
import { startOwnAgent, type OwnAgent } from "../../src/ssh/agent/own-agent.js";
import { keyLine } from "../../src/ssh/public-key.js";
import { run, until } from "../support/project.js";
import { openWorkshop, type Workshop } from "./support.js";

let workshop: Workshop;
let folder: string;
let own: OwnAgent;
beforeEach(async () => {
  workshop = await openWorkshop(["ed25519"]);
  folder = await mkdtemp(join(tmpdir(), "ssh-trust-agent-"));
  own = await startOwnAgent(folder, process.env);
});
afterEach(async () => {
  await own[Symbol.asyncDispose]();
  await workshop[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** A new key and its certificate. */
async function certified() {
  const key = ephemeralKey();
  const line = await workshop.certify(`${keyLine(key.key)}\n`, "ed25519", ["-n", "deploy@web"]);
  return { key, certificate: Buffer.from(line.split(" ")[1] ?? "", "base64") };
}
const listed = async () => (await run("ssh-add", ["-L"], { env: { SSH_AUTH_SOCK: own.socket } })).stdout;

test("a key is held with its certificate, signs, and is forgotten when it is over", async () => {
  const { key, certificate } = await certified();
  using agent = await connectAgent(own.socket);
  expect(await agent.list()).toEqual([]);
  await agent.add(key, certificate, "a comment", 60);
  expect(await agent.list()).toEqual([{ blob: certificate, comment: "a comment" }]);
  expect(await listed()).toBe(`ssh-ed25519-cert-v01@openssh.com ${certificate.toString("base64")} a comment`);

  // It is the private key of this certificate: what it signs is valid.
  await writeFile(join(folder, "cert.pub"), await listed());
  const env = { SSH_AUTH_SOCK: own.socket };
  const signed = await run("ssh-keygen", ["-Y", "sign", "-f", join(folder, "cert.pub"), "-n", "test"], { env, input: "text" });
  expect(signed.exit).toBe(0);
  await writeFile(join(folder, "sig"), signed.stdout);
  const checked = await run("ssh-keygen", ["-Y", "check-novalidate", "-n", "test", "-s", join(folder, "sig")], { input: "text" });
  expect(checked).toMatchObject({ exit: 0, all: expect.stringContaining('Good "test" signature') });

  await agent.removeAll();
  expect(await agent.list()).toEqual([]);
  await agent.add(key, certificate, "", 1);
  await until("the key to be forgotten", 5, async () => (await agent.list()).length === 0, 50);
});

test("refused: a key that is not the one of the certificate, and no certificate", async () => {
  const { certificate } = await certified();
  using agent = await connectAgent(own.socket);
  using other = ephemeralKey();
  for (const given of [certificate, Buffer.concat([certificate, Buffer.of(0)]), certificate.subarray(0, 100)]) {
    await expect(agent.add(other, given, "", 60)).rejects.toMatchObject({
      code: "LOGIN_AGENT_FAILED",
      message: expect.stringContaining("it refused the request") as unknown,
    });
  }
  expect(await agent.list()).toEqual([]);
});

test("the agent and its folder are gone when it is disposed of", async () => {
  expect((await readdir(folder)).sort()).toEqual(["agent"]);
  await own[Symbol.asyncDispose]();
  expect(existsSync(folder)).toBe(false);
  await expect(connectAgent(own.socket)).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
  expect((await run("pgrep", ["-f", own.socket])).stdout).toBe("");
});

test("an agent that cannot start, and none that is installed", async () => {
  await expect(startOwnAgent(join(folder, "none"), process.env)).rejects.toMatchObject({ code: "LOGIN_AGENT_FAILED" });
  await expect(startOwnAgent(folder, { PATH: "/nowhere" })).rejects.toMatchObject({ code: "TOOL_MISSING" });
});

test("a key that is disposed of is zeros", () => {
  const key = ephemeralKey();
  expect(key.seed.equals(Buffer.alloc(32))).toBe(false);
  key[Symbol.dispose]();
  expect(key.seed.equals(Buffer.alloc(32))).toBe(true);
});
