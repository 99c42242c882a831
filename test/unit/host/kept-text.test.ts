import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { keepText } from "../../../src/host/kept-text.js";
import { readEntry } from "../../../src/host/inventory.js";
import { ed25519, rsa } from "../../support/keys.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const at = new Date("2026-01-31T12:00:00Z");
const value = {
  ...{
    schema: 1,
    host: "web-1.example.org",
    group: "web",
    written: 1,
    addresses: [],
    openssh: "",
    script: "1",
    machine: "",
    boot: "",
  },
  ...{ userCas: [], next: 0, problem: "", since: 0, conflict: false, certificates: ["not one"] },
  keys: [ed25519(1).publicKey, rsa(2048).publicKey, "ssh-ed25519 broken"],
};

test("what was read of it is let go of, and is the same the next time", async () => {
  const said = keepText(value, at, 7);
  expect(said).toMatchObject({ at, version: 7 });
  expect(said.entry).toEqual(readEntry(value));
  const seen = new WeakRef(said.entry);
  expect(said.entry).toBe(said.entry); // as long as somebody looks at it, it is read once
  for (let tries = 0; tries < 20 && seen.deref() !== undefined; tries += 1) {
    await turn();
    collect();
  }
  expect(seen.deref()).toBeUndefined();
  expect(said.entry).toEqual(readEntry(value));
});

test.each([
  ["a megabyte", { ...value, more: "x".repeat(1_000_000) }],
  ["a later schema", { ...value, schema: 2 }],
  ["nothing", undefined],
])("of %s, the problem is kept", (_what, unreadable) => {
  const { entry } = keepText(unreadable, at, 1);
  expect(entry).toEqual({ problem: expect.any(String) });
  expect(entry).toEqual(readEntry(unreadable));
});
