import { readFile } from "node:fs/promises";
import { describe, expect, test } from "@jest/globals";
import { catalogue, fail, isFailure, SshTrustError, type ErrorCode } from "../../src/errors/catalogue.js";
import { errorsPage } from "../../tools/errors-page.js";

const codes = Object.keys(catalogue) as ErrorCode[];
const fields = new Proxy({}, { get: (_target, name) => `<${String(name)}>` }) as never;

describe.each(codes)("%s", (code) => {
  const error = fail(code, fields);

  test("says what happened: lower case, no full stop, nothing left open", () => {
    expect(error.message).not.toBe("");
    expect(error.message).not.toMatch(/\.$|undefined|\$\{/);
    expect(error.message).toMatch(/^[^A-Z]|^(Docker|Vault|VAULT_ADDR|Terraform)/);
  });

  test("ends in a hint", () => {
    expect(error.hint.length).toBeGreaterThan(3);
    expect(error.hint).not.toMatch(/\.$|undefined/);
  });

  test("has an exit status of 1 or 2", () => {
    expect([1, 2]).toContain(error.exit);
  });
});

test("docs/errors.md is the catalogue", async () => {
  expect(await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8")).toBe(errorsPage());
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
