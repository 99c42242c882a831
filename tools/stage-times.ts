/** How long each stage took, and what came of it. */
import { table } from "../src/terminal/table.js";
import type { Count } from "./check.js";

export class StageTimes {
  readonly #begun = performance.now();
  readonly #rows: (readonly string[])[] = [];

  /** Runs a stage, and notes its time, and its numbers where it has some. */
  async measure<T>(name: string, run: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    let count: T | undefined;
    try {
      return (count = await run());
    } finally {
      const numbers = isCount(count) ? [String(count.passed), String(count.failed)] : ["", ""];
      this.#rows.push([name, seconds(begun), ...numbers]);
    }
  }

  table(): string {
    return `\n${table([["STAGE", "TIME", "PASSED", "FAILED"], ...this.#rows, ["whole", seconds(this.#begun), "", ""]])}`;
  }
}

const isCount = (value: unknown): value is Count => typeof value === "object" && value !== null && "passed" in value;

const seconds = (begun: number) => `${((performance.now() - begun) / 1000).toFixed(0)} s`;
