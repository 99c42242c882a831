/** What hosts say of themselves is a stranger's text: bounded, made visible, and never believed. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readEntry, type HostEntry } from "../../../src/host/inventory.js";
import { lastEnd, ownCertificates, stateOf, type Known } from "../../../src/host/state.js";
import { run, succeeds } from "../../support/project.js";

const name = "web-1.example.org";
const now = new Date("2026-01-31T12:00:00Z");
const entry = {
  schema: 1,
  host: name,
  group: "web",
  written: 1_769_860_800,
  addresses: ["192.0.2.1", "2001:db8::1"],
  keys: [] as string[],
  certificates: [] as string[],
  openssh: "OpenSSH_9.2p1",
  script: "1",
  machine: "0123",
  boot: "4567",
  userCas: ["SHA256:x"],
  next: 1_769_950_000,
  problem: "",
  since: 0,
  conflict: false,
};
function read(more: object = {}): HostEntry {
  const found = readEntry({ ...entry, ...more });
  if ("problem" in found) throw new Error(found.problem);
  return found.read;
}

describe("unreadable", () => {
  const long = (length: number) => "x".repeat(length);
  test.each<[what: string, value: unknown, problem: string]>([
    ["nothing", undefined, "it is no record"],
    ["null", null, "it is no record"],
    ["a text", "hello", "it is no record"],
    ["a list", [entry], "it is no record"],
    ["HTML", "<html></html>", "it is no record"],
    ["900 kB", { ...entry, problem: long(900_000) }, "it has 880 KiB, and at most 64 are read"],
    ["900 kB in something that nobody asked for", { ...entry, more: long(900_000) }, "it has 880 KiB, and at most 64 are read"],
    ["a later schema", { ...entry, schema: 2 }, "its schema is 2, and 1 is read"],
    ["no schema", { ...entry, schema: undefined }, "it does not say its schema"],
    ["a schema that is a text", { ...entry, schema: "\u001b[2J" }, "it does not say its schema"],
    ["a name that is none", { ...entry, host: 1 }, "host is not as it has to be"],
    ["a name that is too long", { ...entry, host: long(254) }, "host is not as it has to be"],
    ["a time before 1970", { ...entry, written: -1 }, "written is not as it has to be"],
    ["a time beyond all calendars", { ...entry, next: 1e15 }, "next is not as it has to be"],
    ["a time that is none", { ...entry, next: "soon" }, "next is not as it has to be"],
    ["too many addresses", { ...entry, addresses: Array.from({ length: 65 }, () => "a") }, "addresses is not as it has to be"],
    ["an address that is a record", { ...entry, addresses: ["a", {}] }, "addresses[1] is not as it has to be"],
    ["too many keys", { ...entry, keys: Array.from({ length: 17 }, () => "a") }, "keys is not as it has to be"],
    ["a certificate of 20 kB", { ...entry, certificates: [long(20_000)] }, "certificates[0] is not as it has to be"],
    ["a long problem", { ...entry, problem: long(1025) }, "problem is not as it has to be"],
    ["a conflict that is a text", { ...entry, conflict: "no" }, "conflict is not as it has to be"],
  ])("%s", (_what, value, problem) => {
    expect(readEntry(value)).toEqual({ problem });
  });

  test("whatever it is, something is said of it, in one line", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ ...Object.fromEntries(Object.keys(entry).map((key) => [key, fc.jsonValue()])) })),
        (value) => {
          const found = readEntry(value);
          expect("read" in found || /^[\x20-\x7e]+$/.test(found.problem)).toBe(true);
        },
      ),
    );
  });
});

describe("texts", () => {
  test("have nothing in them that moves a cursor, breaks a line or turns text around", () => {
    const evil = "a\nb\u001b[2J\u202ec";
    const found = read({
      problem: evil,
      openssh: evil,
      addresses: [evil],
      machine: evil,
      boot: evil,
      script: evil,
      userCas: [evil],
      otherWays: [evil],
    });
    for (const text of [
      found.problem,
      found.openssh,
      found.machine,
      found.boot,
      found.script,
      ...found.addresses,
      ...found.userCas,
      ...found.otherWays,
    ])
      expect(text).toBe("a\\012b\\033[2J\\342\\200\\256c");
  });

  test.each([
    "@revoked * ssh-ed25519 AAAA",
    "<script>",
    "",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "ssh-ed25519 AAAA\nssh-ed25519 AAAA",
    "ssh-ed25519 \u001b",
  ])("a line that is neither key nor certificate is none: %j", (line) => {
    const { keys, certificates } = read({ keys: [line], certificates: [line] });
    expect([keys[0], certificates[0]]).toEqual([{ problem: expect.any(String) }, { problem: expect.any(String) }]);
    expect(JSON.stringify([keys, certificates])).not.toMatch(/\\u001b|\\n/);
  });
});

describe("a state", () => {
  let folder: string;
  let key: string;
  let ca: string;
  let sign: (...options: string[]) => Promise<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-trust-inventory-"));
    const make = async (file: string) => {
      await succeeds(run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, file)]));
      return (await readFile(join(folder, `${file}.pub`), "utf8")).trim();
    };
    [key, ca] = [await make("host"), await make("ca")];
    await Promise.all([make("other"), make("other_ca")]);
    sign = async (...options) => {
      const args = ["-q", "-s", join(folder, "ca"), "-I", "web:1", "-h", "-n", name, "-V", "20260130000000Z:20260202000000Z"];
      await succeeds(run("ssh-keygen", [...args, ...options, join(folder, "host.pub")]));
      return readFile(join(folder, "host-cert.pub"), "utf8");
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  const known = (said: object | undefined, more: Partial<Known> = {}): Known => ({
    name,
    identity: true,
    keptOut: false,
    said:
      said === undefined
        ? undefined
        : { entry: readEntry({ ...entry, keys: [key], ...said }), at: new Date(now.getTime() - 12_000), version: 1 },
    forget: 30 * 86_400,
    ...more,
  });
  const state = (said: object | undefined, more?: Partial<Known>) => stateOf(known(said, more), [ca], now);
  const until = new Date("2026-02-02T00:00:00Z");

  test.each<[what: string, options: string[]]>([
    ["of another CA", ["-s", "OTHER_CA"]],
    ["of a user", ["-U"]],
    ["for another name", ["-n", "web-2.example.org"]],
    ["for a wildcard", ["-n", "*"]],
    ["for no name", ["-n", ""]],
    ["with a critical option", ["-O", "critical:x@example.org=1"]],
  ])("a certificate %s is none", async (what, options) => {
    const args = options.map((each) => (each === "OTHER_CA" ? join(folder, "other_ca") : each));
    if (what === "of a user") {
      await succeeds(run("ssh-keygen", ["-q", "-s", join(folder, "ca"), "-I", "x", "-n", name, join(folder, "host.pub")]));
      expect(state({ certificates: [await readFile(join(folder, "host-cert.pub"), "utf8")] })).toEqual({ kind: "not-certified" });
    } else if (what === "for no name") {
      const all = ["-q", "-s", join(folder, "ca"), "-I", "x", "-h", join(folder, "host.pub")];
      await succeeds(run("ssh-keygen", all));
      expect(state({ certificates: [await readFile(join(folder, "host-cert.pub"), "utf8")] })).toEqual({ kind: "not-certified" });
    } else expect(state({ certificates: [await sign(...args)] })).toEqual({ kind: "not-certified" });
  });

  test("a certificate for a key that it does not name is none; nor is a valid one that was changed", async () => {
    const line = await sign();
    expect(state({ certificates: [line], keys: [] })).toEqual({ kind: "not-certified" });
    const blob = Buffer.from(line.split(" ")[1] ?? "", "base64");
    blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1;
    expect(state({ certificates: [`ssh-ed25519-cert-v01@openssh.com ${blob.toString("base64")}`] })).toEqual({
      kind: "not-certified",
    });
  });

  test("by its certificates", async () => {
    const line = await sign();
    const longer = await sign("-V", "20260130000000Z:20260203000000Z");
    const old = await sign("-V", "20260101000000Z:20260104000000Z");
    expect(state({ certificates: [line] })).toEqual({ kind: "certified", until });
    expect(state({ certificates: [longer, line, old] })).toEqual({ kind: "certified", until });
    expect(state({ certificates: [old] })).toEqual({ kind: "expired", at: new Date("2026-01-04T00:00:00Z") });
    expect(state({})).toEqual({ kind: "not-certified" });
    expect(lastEnd(ownCertificates(read({ keys: [key], certificates: [line, longer, old] }), name, [ca]), now)).toEqual(
      new Date("2026-02-03T00:00:00Z"),
    );
  });

  test("what counts first: that it is known, that it was heard, that it can be read, that it is one", async () => {
    const certificates = [await sign()];
    expect(state(undefined)).toEqual({ kind: "not-enrolled" });
    expect(state({ certificates }, { identity: false })).toEqual({ kind: "no-identity" });
    const at = new Date(now.getTime() - 31 * 86_400_000);
    const silent = { entry: readEntry({ ...entry, keys: [key], certificates, problem: "x" }), at, version: 1 };
    expect(state({}, { said: silent })).toEqual({ kind: "silent", since: at });
    expect(state({}, { said: silent, forget: 32 * 86_400 })).toEqual({ kind: "failing", problem: "x", since: undefined, until });
    expect(state({ schema: 2 })).toMatchObject({ kind: "unreadable" });
    expect(state({ host: "web-2.example.org" })).toMatchObject({
      kind: "unreadable",
      problem: "it says that it is web-2.example.org",
    });
    expect(state({ certificates, conflict: true, problem: "x" })).toEqual({ kind: "conflict" });
    expect(state({ certificates, problem: "x", since: 1_769_860_000 })).toMatchObject({
      kind: "failing",
      until,
      since: new Date(1_769_860_000_000),
    });
  });
});
