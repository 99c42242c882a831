import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { appendToLog, nextIdentity, readLog, type Issued } from "../../../src/offline-ca/issue-log.js";
import type { OfflineCa } from "../../../src/offline-ca/open.js";
import { reserveSerials } from "../../../src/offline-ca/serial.js";
import { entry } from "./entry.js";

let dir = "";
let ca: OfflineCa;
const serial = () => readFile(join(dir, "serial"), "utf8");
const log = () => join(dir, "issued.jsonl");

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "ssh-trust-serial-"));
  for (const kind of ["host", "user"]) await mkdir(join(dir, kind, "certs"), { recursive: true });
  await writeFile(join(dir, "serial"), "0\n");
  await writeFile(log(), "");
  ca = { dir, config: { name: "lab", domain: "lab.test", made: "2026-01-01T00:00:00Z" }, keys: [] };
});
afterEach(() => rm(dir, { recursive: true }));

describe("serials", () => {
  test("count up, and are taken before they are used", async () => {
    expect(await reserveSerials(ca, 3)).toEqual([1n, 2n, 3n]);
    expect(await serial()).toBe("3\n");
    expect(await reserveSerials(ca, 1)).toEqual([4n]);
  });

  test("go on behind one that was lost", async () => {
    await writeFile(join(dir, "serial"), "41\n");
    await appendToLog(dir, [entry({ serial: "7" })]);
    expect(await reserveSerials(ca, 1)).toEqual([42n]);
  });

  test.each([
    ["empty", "", "it does not hold one number"],
    ["a word", "seven\n", "it does not hold one number"],
    ["negative", "-1\n", "it does not hold one number"],
    ["hexadecimal", "0x10\n", "it does not hold one number"],
    ["two numbers", "1\n2\n", "it does not hold one number"],
    ["lower than one in use", "6\n", "it says 6, but the serial 7 is in use"],
    ["beyond all counting", "9007199254740993\n", "it says 9007199254740993, which is out of reach"],
  ])("a serial file that is %s is refused, and stays", async (_what, text, problem) => {
    await appendToLog(dir, [entry({ serial: "7" })]);
    await writeFile(join(dir, "serial"), text);
    await expect(reserveSerials(ca, 1)).rejects.toMatchObject({
      code: "OFFLINE_CA_SERIAL_DAMAGED",
      message: expect.stringContaining(problem) as unknown,
      hint: [{}, { run: expect.stringContaining("echo 1007 >") as unknown }],
    });
    expect(await serial()).toBe(text);
  });
});

describe("the log", () => {
  test("leaves out what a killed writer wrote of a line, and the next writer removes it", async () => {
    await appendToLog(dir, [entry()]);
    await writeFile(log(), `${await readFile(log(), "utf8")}{"event":"issu`);
    expect(await readLog(dir)).toEqual([entry()]);
    await appendToLog(dir, [entry({ serial: "2" })]);
    expect((await readLog(dir)).map((each) => (each.event === "issued" ? each.serial : ""))).toEqual(["1", "2"]);
  });

  test.each([
    ["no JSON", "serial 1\n"],
    ["an empty line", "\n"],
    ["a field that is missing", `${JSON.stringify({ ...entry(), serial: undefined })}\n`],
    ["a serial that is no number", `${JSON.stringify(entry({ serial: "-1" }))}\n`],
    ["a date that is none", `${JSON.stringify(entry({ validTo: "soon" }))}\n`],
    ["a field that is not ours", `${JSON.stringify({ ...entry(), note: "x" })}\n`],
  ])("with %s is refused, and the line is named", async (_what, text) => {
    await appendToLog(dir, [entry()]);
    await writeFile(log(), `${await readFile(log(), "utf8")}${text}`);
    await expect(readLog(dir)).rejects.toMatchObject({
      code: "OFFLINE_CA_LOG_DAMAGED",
      message: `line 2 of ${log()} is not what was written there`,
    });
  });
});

test.each<[string, Issued[], string]>([
  ["the first", [], "web_v01"],
  ["after another", [entry({ identity: "web_v09" })], "web_v10"],
  ["after a hundred", [entry({ identity: "web_v100" })], "web_v101"],
  ["another host's do not count", [entry({ name: "db", identity: "db_v07" })], "web_v01"],
  ["a person of that name does not count", [entry({ kind: "user", identity: "web_v07" })], "web_v01"],
])("the identity: %s", (_what, entries, identity) => {
  expect(nextIdentity(entries, "host", "web")).toBe(identity);
});
