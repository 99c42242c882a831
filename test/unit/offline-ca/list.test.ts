import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { listCertificates } from "../../../src/offline-ca/list.js";
import type { Issued } from "../../../src/offline-ca/issue-log.js";
import { entry as logged } from "./entry.js";

const entry = (serial: string, more: Partial<Issued> = {}) => logged({ serial, ...more });

test.each<[string, Issued[], string, string[]]>([
  ["one", [entry("1")], "2026-02-01T00:00:00Z", ["valid"]],
  ["before it begins", [entry("1")], "2025-12-31T23:59:59Z", ["not yet"]],
  ["the moment that it ends", [entry("1")], "2031-01-01T00:00:00Z", ["expired"]],
  ["a later one", [entry("1"), entry("2", { identity: "web_v02" })], "2026-02-01T00:00:00Z", ["replaced", "valid"]],
  [
    "a later one that is to come",
    [entry("1"), entry("2", { validFrom: "2027-01-01T00:00:00Z" })],
    "2026-02-01T00:00:00Z",
    ["replaced", "not yet"],
  ],
  ["a later one, in no order", [entry("2"), entry("1")], "2026-02-01T00:00:00Z", ["replaced", "valid"]],
  ["serials of several digits", [entry("10"), entry("9")], "2026-02-01T00:00:00Z", ["replaced", "valid"]],
  ["both have ended", [entry("1"), entry("2")], "2032-01-01T00:00:00Z", ["expired", "expired"]],
  ["another type", [entry("1"), entry("2", { keyType: "rsa" })], "2026-02-01T00:00:00Z", ["valid", "valid"]],
  ["a security key", [entry("1"), entry("2", { keyType: "ed25519-sk" })], "2026-02-01T00:00:00Z", ["valid", "valid"]],
  ["another host", [entry("1"), entry("2", { name: "db" })], "2026-02-01T00:00:00Z", ["valid", "valid"]],
  ["a person of that name", [entry("1"), entry("2", { kind: "user" })], "2026-02-01T00:00:00Z", ["valid", "valid"]],
])("the status: %s", async (_what, entries, now, statuses) => {
  const dir = await mkdtemp(join(tmpdir(), "ssh-trust-list-"));
  try {
    await writeFile(join(dir, "issued.jsonl"), entries.map((each) => `${JSON.stringify(each)}\n`).join(""));
    const ca = { dir, config: { name: "lab", domain: "lab.test", made: "2026-01-01T00:00:00Z" }, keys: [] };
    expect((await listCertificates(ca, new Date(now))).map(({ status }) => status)).toEqual(statuses);
  } finally {
    await rm(dir, { recursive: true });
  }
});
