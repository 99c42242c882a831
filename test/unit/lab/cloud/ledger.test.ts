import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { changeLedger, readLedger } from "../../../../lab/cloud/ledger.js";
import type { LabSettings } from "../../../../lab/settings/lab.js";

const empty = { schema: 1, handedOut: [], elastic: {}, terminated: {} };
let settings: LabSettings;

beforeEach(async () => {
  settings = { labDir: await mkdtemp(join(tmpdir(), "ssh-trust-ledger-")) } as LabSettings;
});
afterEach(() => rm(settings.labDir, { recursive: true }));

const file = () => join(settings.labDir, "cloud.json");

test("nothing is read as an empty ledger", async () => {
  expect(await readLedger(settings)).toEqual(empty);
});

test.each([
  ["half a file", '{"schema":1,'],
  ["another schema", '{"schema":2,"handedOut":[],"elastic":{},"terminated":{}}'],
  ["other types", '{"schema":1,"handedOut":"x","elastic":{},"terminated":{}}'],
  ["an empty file", ""],
])("%s is told, and not read as an empty ledger: nothing is changed", async (_what, content) => {
  await writeFile(file(), content);
  await expect(readLedger(settings)).rejects.toMatchObject({ code: "LEDGER_DAMAGED" });
  await expect(changeLedger(settings, (before) => before)).rejects.toMatchObject({ code: "LEDGER_DAMAGED" });
  expect(await readFile(file(), "utf8")).toBe(content);
});

test("many changes at once are made one after the other, and none is lost", async () => {
  const addresses = Array.from({ length: 12 }, (_, index) => `10.203.113.${String(20 + index)}`);
  await Promise.all(
    addresses.map((each) => changeLedger(settings, (before) => ({ ...before, handedOut: [...before.handedOut, each] }))),
  );
  expect([...(await readLedger(settings)).handedOut].sort()).toEqual(addresses);
});

test("a change is written, and what it does not name stays", async () => {
  await changeLedger(settings, (before) => ({ ...before, elastic: { www: "10.198.51.10" } }));
  await changeLedger(settings, (before) => ({ ...before, handedOut: ["10.203.113.20"] }));
  expect(await readLedger(settings)).toEqual({ ...empty, elastic: { www: "10.198.51.10" }, handedOut: ["10.203.113.20"] });
  expect(JSON.parse(await readFile(file(), "utf8"))).toEqual(await readLedger(settings));
});

test("what ended is left out", async () => {
  const eve = { service: "www", address: "10.198.51.10", victim: "web" };
  await changeLedger(settings, (before) => ({ ...before, eve }));
  expect((await readLedger(settings)).eve).toEqual(eve);
  await changeLedger(settings, (before) => ({ ...before, eve: undefined }));
  expect(await readFile(file(), "utf8")).not.toContain("eve");
});
