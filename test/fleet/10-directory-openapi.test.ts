/**
 * What the directory's OpenAPI document says, against what the directory answers: schemathesis reads the document, asks what it allows and
 * what it does not, and compares. https://schemathesis.readthedocs.io
 */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { fetchSchemathesis } from "../../lab/toolchain/schemathesis.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { silent } from "../../src/ground/progress.js";
import { openDirectoryFleet, type DirectoryFleet } from "../support/directory.js";
import { setMembers, text } from "../support/applied-fleet.js";
import { signedIn } from "../support/people.js";
import { run } from "../support/project.js";

jest.setTimeout(240_000);

/** Checks that judge what is not so here, each with its reason. */
const excluded: readonly string[] = [
  // The tests ask from a network that the directory is open to: there, nobody has to sign in.
  "ignored_auth",
];

let fleet: DirectoryFleet;
let path: string;
/** Of somebody in a group of the fleet. */
let token: string;

beforeAll(async () => {
  ({ path } = await fetchSchemathesis(readLabSettings(), silent));
  fleet = await openDirectoryFleet("OpenBao", "127.0.0.0/8");
  token = await signedIn(fleet.server, "dora");
  const dora = text((await fleet.must("identity/entity/name/dora")).data, "id");
  await setMembers(fleet, "dba", (members) => [...members, dora]);
}, 300_000);
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
});

/** For a client that seems to come through a proxy which the directory does not know: for it, no network is open. */
const fromElsewhere = ["--header", "X-Forwarded-For: 192.0.2.1"];

/** @param examples for each operation */
const schemathesis = (examples: number, ...headers: readonly string[]) =>
  run(
    "python3",
    [
      ...["-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"],
      `https://localhost:${String(fleet.port)}/api/v1/openapi.json`,
      ...["--tls-verify", fleet.server.caFile, "--exclude-checks", excluded.join(",")],
      // The same in each run, and bounded. Sequences of requests find nothing where nothing can be changed.
      ...["--phases", "examples,coverage,fuzzing", "--max-examples", String(examples)],
      ...["--seed", "15", "--generation-database", "none"],
      ...["--request-timeout", "10", "--no-color", "--continue-on-failure", ...headers],
    ],
    { env: { PYTHONPATH: path }, cwd: fleet.folder.folder },
  );

describe("the document is true", () => {
  test.each([
    ["from a network that is open", 25, () => []],
    ["from elsewhere, with a token", 5, () => [...fromElsewhere, "--header", `X-Vault-Token: ${token}`]],
    ["from elsewhere, without one", 5, () => fromElsewhere],
  ] as const)("%s", async (_, examples, headers) => {
    const { exit, all } = await schemathesis(examples, ...headers());
    expect({ exit, all: exit === 0 ? "" : all }).toEqual({ exit: 0, all: "" });
    // Each operation of the document.
    expect(all).toContain("Tested: 8");
  });
});
