/** A matrix that cannot fail is worthless: what is not as expected is seen, counted and shown. */
import { describe, expect, test } from "@jest/globals";
import { showMatrix } from "../../../../lab/face/show-matrix.js";
import { suitesOf } from "../../../../lab/face/suites.js";
import { allCases } from "../../../../lab/matrix/cases/index.js";
import { groupNames } from "../../../../lab/matrix/case.js";
import { readVersion } from "../../../../lab/matrix/openssh-version.js";
import { cellsOf, runCases } from "../../../../lab/matrix/run.js";
import { failuresOf, matrixToJson } from "../../../../lab/matrix/sheet.js";
import { aCase, bareGrounds, matrixOf } from "./support.js";

describe("what is not as expected", () => {
  test.each([
    ["something else is seen", () => Promise.resolve("accepted"), "accepted"],
    ["another reason is seen", () => Promise.resolve("refused: another name"), "refused: another name"],
    ["the case breaks off", () => Promise.reject(new Error("the engine went away")), "it failed: the engine went away"],
  ])("%s", async (_what, run, seen) => {
    const matrix = await matrixOf(["bookworm"], [aCase({ run })]);
    expect(matrix.results).toMatchObject([{ verdict: "not as expected", expected: "refused: expired", seen }]);
    expect(failuresOf(matrix.results).counts).toHaveLength(1);
    expect(matrixToJson(matrix)).toMatchObject({ notAsExpected: 1, results: [{ case: "host-expired", seen }] });
    expect(showMatrix(matrix)).toMatch(/ {2}expired +!\n/);
    expect(showMatrix(matrix)).toContain(
      `  host-expired: expected refused: expired; seen: ${seen}\n    in client bookworm, server bookworm`,
    );
  });

  test("an expectation of the real cases that was changed", async () => {
    const planted = allCases.map((each) => ({
      ...aCase({ id: each.id, group: each.group, what: each.what, run: () => Promise.resolve("accepted") }),
      expected: () => (each.id === "host-wildcard" ? "refused: another name" : "accepted"),
    }));
    const { results } = await matrixOf(["trixie"], planted);
    const failed = failuresOf(results).counts;
    expect(failed.map((each) => each.case.id)).toEqual(["host-wildcard"]);
  });

  test("with sid as client or server it is only reported", async () => {
    const matrix = await matrixOf(["trixie", "sid"], [aCase({ run: () => Promise.resolve("accepted") })]);
    const { counts, reported } = failuresOf(matrix.results);
    expect(counts.map(({ cell }) => cell)).toEqual([{ client: "trixie", server: "trixie" }]);
    expect(reported).toHaveLength(3);
    expect(showMatrix(matrix)).toContain("only reported");
  });
});

test("what a version cannot do is not tried, and its reason is told", async () => {
  const cannot = ({ client }: { client: string }) => (client === "8.4" ? "LogVerbose is of OpenSSH 8.5" : undefined);
  const run = () => Promise.resolve("refused: expired");
  const matrix = await matrixOf(["bullseye", "bookworm"], [aCase({ cannot, run })]);
  expect(matrix.results.map(({ verdict }) => verdict)).toEqual(["cannot", "cannot", "as expected", "as expected"]);
  expect(showMatrix(matrix)).toContain("– LogVerbose is of OpenSSH 8.5");
});

describe("the order", () => {
  test("cells with the same turn run one at a time, in the order of the cases; others beside them", async () => {
    const begun: string[] = [];
    let [most, now] = [0, 0];
    const slow = (id: string) => async () => {
      begun.push(id);
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return "refused: expired";
    };
    const inTurn = () => "one";
    const cases = ["a", "b", "c"].map((id) => aCase({ id, group: "renewal", inTurn, run: slow(id) }));
    await runCases(bareGrounds(["bookworm"]), cases);
    expect([begun, most]).toEqual([["a", "b", "c"], 1]);
    await runCases(bareGrounds(["bookworm"]), [...cases, aCase({ id: "d", group: "renewal", run: slow("d") })]);
    expect(most).toBe(2);
  });

  test("interrupted, nothing new begins", async () => {
    const grounds = bareGrounds(["bookworm"]);
    const controller = new AbortController();
    const lab = { ...grounds.lab, signal: controller.signal };
    let runs = 0;
    const run = () => {
      runs++;
      controller.abort(new Error("interrupted"));
      return Promise.resolve("refused: expired");
    };
    const cases = ["a", "b"].map((id) => aCase({ id, inTurn: () => "one", run }));
    await expect(runCases({ ...grounds, lab }, cases)).rejects.toThrow("interrupted");
    expect(runs).toBe(1);
  });
});

test.each([
  ["OpenSSH_8.4p1 Debian-5+deb11u3, OpenSSL 1.1.1w  11 Sep 2023", "8.4", "OpenSSH_8.4p1 Debian-5+deb11u3"],
  ["OpenSSH_10.6p1 Debian-1, OpenSSL 3.6.5 29 Sep 2026", "10.6", "OpenSSH_10.6p1 Debian-1"],
  ["warning: something\nOpenSSH_9.2p1, LibreSSL 3.3.6\n", "9.2", "OpenSSH_9.2p1"],
])("%j is %s", (text, number, full) => {
  expect(readVersion(text)).toEqual({ number, full });
});

test.each(["", "sh: ssh: not found", "Dropbear v2022.83"])("%j is no OpenSSH", (text) => {
  expect(readVersion(text)).toBeUndefined();
});

test("every case has a name of its own, a group, and room in the table", () => {
  expect(new Set(allCases.map(({ id }) => id)).size).toBe(allCases.length);
  expect(new Set(allCases.map(({ group }) => group))).toEqual(new Set(groupNames));
  for (const { what } of allCases) expect(what.length).toBeLessThan(46);
});

test("a pair of releases is each as client and each as server", () => {
  expect(cellsOf("client", ["bookworm", "trixie"])).toHaveLength(4);
  expect(cellsOf("shell", ["bookworm", "trixie"])).toHaveLength(6);
});

test("releases are taken in the order of their age; others are refused", () => {
  expect(suitesOf("trixie, bookworm")).toEqual(["bookworm", "trixie"]);
  expect(suitesOf("all")).toEqual(["bullseye", "bookworm", "trixie", "sid"]);
  for (const odd of ["", "buster", "trixie,,sid", "debian:sid"]) expect(() => suitesOf(odd)).toThrow(/there is no release/);
});
