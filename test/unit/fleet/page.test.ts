/** docs/fleet.md: its examples, and that it has every key with its default. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { fleetJsonSchema } from "../../../src/fleet/json-schema.js";
import { parseFleet } from "../../../src/fleet/parse-fleet.js";
import { mistakesIn } from "./fleet-file.js";
import { keysOf } from "./schema-keys.js";

let page: string;
beforeAll(async () => {
  page = await readFile(new URL("../../../docs/fleet.md", import.meta.url), "utf8");
});

/** What stands between lines of three backticks. */
const blocks = (language: string) =>
  [...page.matchAll(/^```(.*)\n([^]*?)^```$/gm)].flatMap(([, of, text = ""]) => (of === language ? [text] : []));

describe("its tables", () => {
  /** The default by the key's path: the names that a file chooses are left out. */
  const rows = () =>
    new Map(
      page.split("\n").flatMap((line): [string, string][] => {
        const [, key = "", usual = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
        return /^`[\w.<>[\]-]+`$/.test(key) ? [[key.replace(/\.<group>|\[\]|`/g, ""), usual.replaceAll("\\|", "|")]] : [];
      }),
    );
  const keys = keysOf(fleetJsonSchema()).filter(([path]) => !path.startsWith("state."));

  test("have every key, and no other", () => {
    const known = keys.map(([path]) => path.replace(/^sign-in\.\w+\.existing$/, "sign-in.<method>.existing"));
    expect([...rows().keys()].sort()).toEqual([...new Set(known)].sort());
  });

  test.each(keys.filter(([, { default: usual }]) => usual !== undefined && JSON.stringify(usual).search(/[{].*:/) < 0))(
    "have the default of %s",
    (path, { default: usual }) => {
      const shown = Array.isArray(usual) ? `[${usual.join(", ")}]` : typeof usual === "string" ? usual : JSON.stringify(usual);
      expect(rows().get(path)).toBe(`\`${shown}\``);
    },
  );

  test("say of the others that they are required, or what holds instead", () => {
    for (const [path, { required = [], properties = {} }] of [["", fleetJsonSchema()] as const, ...keys])
      for (const key of Object.keys(properties)) {
        const said = rows().get(path === "" ? key : `${path}.${key}`);
        if (said !== undefined)
          expect({ path, key, required: said === "required" }).toEqual({ path, key, required: required.includes(key) });
      }
  });

  test("have the limits of durations, backends and permissions as they are", () => {
    for (const backend of keysOf(fleetJsonSchema()).filter(([path]) => path.startsWith("state.")))
      expect(page).toContain(backend[0].slice(6));
    for (const range of ["30s to 1h", "1h to 168h", "5m to 24h"]) expect(page).toContain(range);
  });
});

test("its example is a fleet file", () => {
  const [example = ""] = blocks("yaml");
  expect(parseFleet(example, "ssh-trust.yaml").access.map(({ name }) => name)).toEqual(["platform-web", "dba-db"]);
});

test("its other example has the mistakes that it says", () => {
  const [, wrong = ""] = blocks("yaml");
  const said = blocks("")[0]?.trim().split("\n") ?? [];
  const found = mistakesIn(wrong);
  expect(said.slice(1)).toEqual(found.map((line) => `  │ ssh-trust.yaml:${line}`));
  expect(said[0]).toContain(`has ${String(found.length)} mistakes`);
});
