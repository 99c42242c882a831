/** The matrix for the releases that people run most, in real containers: the cells of `npm run matrix`, by the same code. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { groupNames } from "../../lab/matrix/case.js";
import { allCases } from "../../lab/matrix/cases/index.js";
import { spokenCell } from "../../lab/matrix/cell.js";
import { testedSuites } from "../../lab/matrix/images.js";
import { runMatrix } from "../../lab/matrix/matrix.js";
import type { Matrix } from "../../lab/matrix/sheet.js";
import { performNeeds } from "../../lab/tasks.js";
import { lab } from "../support/cloud.js";
import { compiledFolder, docker, labNames } from "../support/project.js";

/** Real cases with expectations that are wrong. */
const planted = allCases
  .filter(({ id }) => ["host-expired", "user-ed25519", "renewal-reloaded", "trace-success"].includes(id))
  .map((each) => ({ ...each, id: `planted-${each.id}`, expected: () => "something else" }));

let matrix: Matrix;
beforeAll(async () => {
  await performNeeds(lab, "matrix", ["generate-host-signing-key", "generate-user-signing-key"]);
  matrix = await runMatrix(lab, { suites: testedSuites, command: compiledFolder, cases: [...allCases, ...planted] });
}, 600_000);

const resultsOf = (id: string) => matrix.results.filter((result) => result.case.id === id);

test("the versions are those of the releases", () => {
  expect([...matrix.versions].map(([suite, { number }]) => [suite, number])).toEqual([
    ["bookworm", "9.2"],
    ["trixie", "10.0"],
  ]);
});

test.each(planted.map(({ id }) => id))("%s: a wrong expectation is not as expected, in every cell", (id) => {
  expect(resultsOf(id).map(({ verdict }) => verdict)).toEqual(resultsOf(id).map(() => "not as expected"));
  expect(resultsOf(id).length).toBeGreaterThan(0);
});

describe.each(groupNames)("%s", (group) => {
  test.each(allCases.filter((each) => each.group === group).map(({ id, what }) => [id, what]))("%s: %s", (id) => {
    const results = resultsOf(id);
    const failed = results.filter(({ verdict }) => verdict === "not as expected");
    expect(failed.map(({ cell, expected, seen }) => ({ cell: spokenCell(cell), expected, seen }))).toEqual([]);
    expect(results.some(({ verdict }) => verdict === "as expected")).toBe(true);
  });
});

test("it leaves no container behind", async () => {
  const { stdout } = await docker("ps", "-a", "--format", "{{.Names}}", "--filter", `name=^${labNames.container("matrix-")}`);
  expect(stdout).toBe("");
});
