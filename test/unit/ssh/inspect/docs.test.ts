import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { verdictCodes } from "../../../../src/ssh/inspect/verdict-codes.js";

test("docs/inspect.md has every verdict, with its level", async () => {
  const page = await readFile(new URL("../../../../docs/inspect.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` +\| (bad|warn|ok) +\|/gm)].map(
    ([, code, level]) => `${level ?? ""} ${code ?? ""}`,
  );
  expect(rows.sort()).toEqual(
    Object.entries(verdictCodes)
      .map(([code, { level }]) => `${level} ${code}`)
      .sort(),
  );
});

test.each(Object.entries(verdictCodes))("%s: what is not ok has a hint", (_code, { level, hint }) => {
  expect(hint.length > 0).toBe(level !== "ok");
  for (const { say } of hint) expect(say).toMatch(/^[^A-Z].*[^.]$/);
});
