import { describe, expect, test } from "@jest/globals";
import { checkClock } from "../../../src/offline-ca/clock.js";
import type { Imported, Issued } from "../../../src/offline-ca/issue-log.js";

const ca = { dir: "ca", config: { name: "lab", domain: "lab.test", made: "2026-01-01T00:00:00.123Z" } };
const issued = (identity: string, at: string) => ({ event: "issued", identity, at }) as Issued;
const imported = (address: string, at: string) => ({ event: "imported", address, at }) as Imported;
const check = (log: readonly (Issued | Imported)[], now: string) => () => {
  checkClock(ca, log, new Date(now));
};

describe("a clock that went back", () => {
  test.each<[string, (Issued | Imported)[], string, string, string]>([
    [
      "before the CA was made",
      [],
      "2025-12-31T23:54:59Z",
      "the clock says 2025-12-31T23:54:59Z, but this CA was made at 2026-01-01T00:00:00Z",
      `s/"made": "2026-01-01T00:00:00.123Z"/"made": "2025-12-31T23:54:59Z"/' ca/ca.json`,
    ],
    [
      "to 1970, as without a battery",
      [],
      "1970-01-01T00:00:07Z",
      "the clock says 1970-01-01T00:00:07Z, but this CA was made at 2026-01-01T00:00:00Z",
      `s/"made": "2026-01-01T00:00:00.123Z"/"made": "1970-01-01T00:00:07Z"/' ca/ca.json`,
    ],
    [
      "before the last signing",
      [issued("web_v01", "2026-02-01T00:00:00Z")],
      "2026-01-31T23:54:00Z",
      "the clock says 2026-01-31T23:54:00Z, but web_v01 was signed at 2026-02-01T00:00:00Z",
      `s/"at":"2026-02-01T00:00:00Z"/"at":"2026-01-31T23:54:00Z"/' ca/issued.jsonl`,
    ],
    [
      "before the latest entry, which is not the last",
      [issued("web_v01", "2026-03-01T00:00:00Z"), issued("db_v01", "2026-02-01T00:00:00Z")],
      "2026-02-02T00:00:00Z",
      "the clock says 2026-02-02T00:00:00Z, but web_v01 was signed at 2026-03-01T00:00:00Z",
      `s/"at":"2026-03-01T00:00:00Z"/"at":"2026-02-02T00:00:00Z"/' ca/issued.jsonl`,
    ],
    [
      "before a key went to a Vault",
      [issued("web_v01", "2026-02-01T00:00:00Z"), imported("https://vault", "2026-03-01T00:00:00Z")],
      "2026-02-02T00:00:00Z",
      "the clock says 2026-02-02T00:00:00Z, but a key was given to https://vault at 2026-03-01T00:00:00Z",
      `s/"at":"2026-03-01T00:00:00Z"/"at":"2026-02-02T00:00:00Z"/' ca/issued.jsonl`,
    ],
  ])("%s", (_what, log, now, message, edit) => {
    expect(check(log, now)).toThrow(
      expect.objectContaining({
        code: "OFFLINE_CA_CLOCK_BACK",
        message,
        hint: [expect.anything(), expect.objectContaining({ run: expect.stringContaining(`sed -i.bak '${edit}`) as unknown })],
      }),
    );
  });
});

test.each([
  ["right after the CA was made", [], "2026-01-01T00:00:01Z"],
  ["five minutes behind another signer's", [issued("web_v01", "2026-02-01T00:00:00Z")], "2026-01-31T23:55:00Z"],
  ["years later", [issued("web_v01", "2026-02-01T00:00:00Z")], "2036-01-01T00:00:00Z"],
])("a clock is taken %s", (_what, log, now) => {
  expect(check(log, now)).not.toThrow();
});
