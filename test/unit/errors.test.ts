import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { fail as labFail, labCatalogue } from "../../lab/errors/catalogue.js";
import { catalogue, fail, isFailure, SshTrustError } from "../../src/errors/catalogue.js";
import { hintsForPeople } from "../../src/errors/for-people.js";
import { hintText, typed, type Hint } from "../../src/errors/hint.js";
import { errorsPage } from "../../tools/errors-page.js";

const codes = [...Object.keys(catalogue), ...Object.keys(labCatalogue)];
const advice = { say: "do that", run: "this" };
const fields = new Proxy(
  {},
  { get: (_target, name) => (name === "how" || name === "hint" ? advice : `<${String(name)}>`) },
) as never;

/** What a hint says, whoever is told it. */
function saysHow(advice: Hint) {
  test("ends in a hint", () => {
    const hint = hintText(advice, (run) => typed(run, "ssh-trust"));
    expect(hint.length).toBeGreaterThan(3);
    expect(hint).not.toMatch(/\.$|undefined/);
  });

  test("has its commands in the hint's data, not in what it says", () => {
    for (const { say } of advice) expect(say).not.toMatch(/npm run|ssh-trust |vault [a-z]+ |^\s|:\s*$/);
  });
}

describe.each(codes)("%s", (code) => {
  const error = labFail(code as "USAGE", fields);

  test("says what happened: lower case, no full stop, nothing left open", () => {
    expect(error.message).not.toBe("");
    expect(error.message).not.toMatch(/\.$|undefined|\$\{/);
    expect(error.message).toMatch(/^[^A-Z]|^(Docker|Vault|VAULT_ADDR|Terraform)/);
  });

  saysHow(error.hint);

  test("has an exit status of 1 or 2", () => {
    expect([1, 2]).toContain(error.exit);
  });
});

describe.each(Object.entries(hintsForPeople))("%s, as people are told", (_code, hintOf) => {
  const hint = hintOf(fields);
  saysHow(hint);

  test("names no command of those who operate Vault", () => {
    expect(hintText(hint, (run) => typed(run, "ssh-trust"))).not.toMatch(
      /curl|(?:vault|bao) [a-z]+ |ssh-trust (?:apply|people|host)\b/,
    );
  });
});

test("each hint is text: no command of it is an object that was put into a sentence", async () => {
  expect(await readFile("docs/errors.md", "utf8")).not.toContain("[object");
});

test("docs/errors.md is the catalogue", async () => {
  expect(await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8")).toBe(errorsPage());
});

test("things that Vault has already: one in the sentence, many in a list", () => {
  expect(fail("FLEET_NOT_OURS", { what: "the mount a" }).message).toMatch(/^Vault has this already.*: the mount a$/);
  expect(fail("FLEET_NOT_OURS", { what: "the mount a\nthe role b, c" }).message).toBe(
    "Vault has 2 things already that Terraform's state does not know\nthe mount a\nthe role b, c",
  );
});

test("what Vault has already: of another fleet, other mounts are no way out", () => {
  const [ours, copied] = fail("FLEET_NOT_OURS", { what: "the mount ssh-trust\nthe policy ssh-trust-signed-in" }).hint;
  expect(copied?.say).toContain("a copy of the one that was applied");
  expect(ours?.say).toContain("has one fleet");
  for (const what of ["the mount ssh-trust", "the mount host-ssh\nthe role web"])
    expect(fail("FLEET_NOT_OURS", { what }).hint[0]?.say).toContain("choose other mounts");
});

test("an error keeps its cause and is told from others", () => {
  const cause = new Error("below");
  const error = fail("VAULT_SEALED", { address: "http://vault" }, cause);
  expect(error).toBeInstanceOf(SshTrustError);
  expect(error.cause).toBe(cause);
  expect(isFailure(error)).toBe(true);
  expect(isFailure(error, "VAULT_SEALED")).toBe(true);
  expect(isFailure(error, "VAULT_BUSY")).toBe(false);
  expect(isFailure(cause)).toBe(false);
});

test("the toolkit's errors name no npm task, no lab", () => {
  for (const code of Object.keys(catalogue)) {
    const { message, hint } = fail(code as "USAGE", fields);
    expect(`${message} ${JSON.stringify(hint)}`).not.toMatch(/npm run|\blab\b|root-token/);
  }
});

test("no code is in both catalogues", () => {
  expect(Object.keys(labCatalogue).filter((code) => code in catalogue)).toEqual([]);
});
