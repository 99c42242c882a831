/** The script's arithmetic of when, held to src/host/schedule.ts in each shell that is here. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "@jest/globals";
import { dueAt, longestPause } from "../../src/host/schedule.js";
import { root } from "../support/project.js";

const script = await readFile(join(root, "src/host/ssh-trust-host.sh"), "utf8");

/** A function of the script, by its name: from its first line to its closing brace. */
function functionOf(name: string): string {
  const [found] = new RegExp(`^${name}\\(\\) \\{.*?\\}$`, "ms").exec(script) ?? [];
  if (found === undefined) throw new Error(`the script has no function ${name}`);
  return found;
}

const now = 1_795_000_000;
const serials = [0n, 7n, 89n, 100n, 249n, 999n, 1000n, 8_008n, 6_446_197_310_123_089n, 2n ** 63n, 2n ** 64n - 1n];
const lives = [1, 59, 90, 3_600, 86_399, 3 * 86_400, 35 * 86_400, 365 * 86_400];
const percents = [1, 33, 50, 66, 99];

test("when a certificate is to be renewed", async () => {
  const cases = percents.flatMap((renewAt) =>
    lives.flatMap((life) => serials.map((serial) => ({ renewAt, validity: { from: now, to: now + life, serial } }))),
  );
  const input = cases.map(
    ({ renewAt, validity: { from, to, serial } }) => `${String(renewAt)} ${String(from)} ${String(to)} ${String(serial)}`,
  );
  const read = `${functionOf("due_at")}\nwhile read -r renew_at from to serial; do due_at "$from" "$to" "$serial"; done`;
  const { stdout } = await execa("sh", ["-euc", read], { input: `${input.join("\n")}\n` });
  expect(stdout.split("\n").map(Number)).toEqual(cases.map(({ renewAt, validity }) => dueAt(validity, renewAt)));
});

test.each([1, 2, 300, 3_600])("the longest pause after each failure, never over %d s", async (most) => {
  const repeat = `retry_max=${String(most)} pause=1\n${functionOf("longer")}\nfor i in $(seq 20); do echo "$pause"; pause=$(longer "$pause"); done`;
  const { stdout } = await execa("sh", ["-euc", repeat]);
  expect(stdout.split("\n").map(Number)).toEqual([...Array(20).keys()].map((failures) => longestPause(failures, most)));
});

describe("of what it promises", () => {
  test("never later than asked, and never more than a quarter sooner", () => {
    for (const life of lives)
      for (const serial of serials) {
        const after = dueAt({ from: 0, to: life, serial }, 33);
        const most = Math.floor((life * 33) / 100);
        expect(after).toBeLessThanOrEqual(most);
        expect(after).toBeGreaterThanOrEqual(Math.floor(most * 0.75));
      }
  });

  test("a thousand hosts that were signed in one second are spread over a quarter of that time", () => {
    const life = 3 * 86_400;
    const times = [...Array(1000).keys()].map((each) => dueAt({ from: 0, to: life, serial: 100_000n + BigInt(each) }, 33));
    const spread = Math.max(...times) - Math.min(...times);
    expect(spread).toBeGreaterThan(life * 0.33 * 0.24);
    const perTenMinutes = new Map<number, number>();
    for (const time of times) perTenMinutes.set(Math.floor(time / 600), (perTenMinutes.get(Math.floor(time / 600)) ?? 0) + 1);
    const busiest = Math.max(...perTenMinutes.values());
    expect(busiest).toBeLessThan(40); // in any ten minutes
  });
});
