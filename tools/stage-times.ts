/** How long each stage took, and what came of it. */
import type { Count } from "./check.js";
import { table } from "../src/terminal/table.js";

export class StageTimes {
  readonly #begun = performance.now();
  readonly #rows: (readonly string[])[] = [];

  async measure(name: string, run: () => Promise<Count>): Promise<Count> {
    const begun = performance.now();
    const count = await run();
    this.#rows.push([name, seconds(begun), String(count.passed), String(count.failed)]);
    return count;
  }

  table(): string {
    return `\n${table([["STAGE", "TIME", "PASSED", "FAILED"], ...this.#rows, ["whole", seconds(this.#begun), "", ""]])}`;
  }
}

const seconds = (begun: number) => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
