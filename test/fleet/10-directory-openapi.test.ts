/**
 * What the directory's OpenAPI document says, against what the directory answers: schemathesis reads the document, asks what it allows and
 * what it does not, and compares. https://schemathesis.readthedocs.io
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fetchSchemathesis } from "../../lab/toolchain/schemathesis.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { openDirectoryFleet, type DirectoryFleet } from "../support/directory.js";
import { run } from "../support/project.js";

jest.setTimeout(120_000);

/** Checks that judge what is not so here, each with its reason. */
const excluded: readonly string[] = [
  // The tests ask from a network that the directory is open to: there, nobody has to sign in.
  "ignored_auth",
];

let fleet: DirectoryFleet;
let path: string;

beforeAll(async () => {
  ({ path } = await fetchSchemathesis(readLabSettings(), silent));
  fleet = await openDirectoryFleet("OpenBao", "127.0.0.0/8");
}, 120_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
});

/** @param more further options */
const schemathesis = (...more: readonly string[]) =>
  run(
    "python3",
    [
      ...["-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"],
      `https://localhost:${String(fleet.port)}/api/v1/openapi.json`,
      ...["--tls-verify", join(fleet.server.caFile), "--exclude-checks", excluded.join(",")],
      // The same in each run, and bounded: sequences of requests find nothing where nothing can be changed.
      ...["--phases", "examples,coverage,fuzzing", "--max-examples", "25", "--seed", "15", "--generation-database", "none"],
      ...["--request-timeout", "10", "--no-color", "--continue-on-failure", ...more],
    ],
    { env: { PYTHONPATH: path }, cwd: fleet.folder.folder },
  );

describe("the document is true", () => {
  test("for whoever asks from a network that is open", async () => {
    const { exit, all } = await schemathesis();
    expect({ exit, all: exit === 0 ? "" : all }).toEqual({ exit: 0, all: "" });
    expect(all).toMatch(/\d+ (?:generated|passed)/);
  });
});
