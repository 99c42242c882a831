/** The whole: images, containers, cases. */
import type { Lab } from "../lab.js";
import type { Suite } from "../toolchain/versions.js";
import type { Case, GroupName } from "./case.js";
import { allCases } from "./cases/index.js";
import { spokenCell } from "./cell.js";
import { openGrounds } from "./grounds.js";
import { ensureImages } from "./images.js";
import { runCases } from "./run.js";
import type { Matrix } from "./sheet.js";

export interface MatrixOptions {
  readonly suites: readonly Suite[];
  /** One group of cases; all where it is left out. */
  readonly only?: GroupName | undefined;
  /** The folder of the `ssh-trust` command, compiled. */
  readonly command: string;
  readonly cases?: readonly Case[];
}

/** @throws what Docker and Vault refuse; a case that fails is a result */
export async function runMatrix(lab: Lab, { suites, only, command, cases = allCases }: MatrixOptions): Promise<Matrix> {
  const there = await ensureImages(lab, suites);
  const asked = cases.filter(({ group }) => only === undefined || group === only);
  const ranAt = new Date().toISOString();
  await using grounds = await lab.progress.during("starting the containers of the matrix", () =>
    openGrounds(lab, { suites: there, command }),
  );
  let ended = 0;
  const results = await lab.progress.during("running the matrix", (detail) =>
    runCases(grounds, asked, ({ case: { id }, cell, verdict }, of) => {
      ended++;
      detail(`${String(ended)} of ${String(of)}: ${id}, ${spokenCell(cell)}`);
      if (verdict === "not as expected" && lab.signal?.aborted !== true)
        lab.progress.say(`not as expected: ${id}, ${spokenCell(cell)}`);
    }),
  );
  return { ranAt, versions: grounds.versions, results };
}
