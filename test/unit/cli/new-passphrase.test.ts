import { expect, test } from "@jest/globals";
import { typeNewPassphrase } from "../../../src/cli/verbs/offline-ca/new-passphrase.js";
import { fail } from "../../../src/errors/catalogue.js";

const good = "open sesame, little seed";
const [first, again] = ["a passphrase for the CA's keys (ten characters or more): ", "the same again: "];

/** Types these lines, one for each question; keeps what is asked and said. */
function typing(lines: readonly string[]) {
  const seen: string[] = [];
  const left = [...lines];
  const ask = (question: string) => {
    seen.push(question);
    const line = left.shift();
    return line === undefined ? Promise.reject(new Error("asked once too often")) : Promise.resolve(line);
  };
  return { seen, answer: typeNewPassphrase(ask, (text) => seen.push(text)) };
}

test.each<[string, string[], string, string]>([
  ["different ones", [good, "other", good, "other", good, "other"], "OFFLINE_CA_PASSPHRASE_DIFFERS", "are not the same"],
  ["short ones", ["short", "short", "short"], "OFFLINE_CA_PASSPHRASE_UNFIT", "fewer than ten characters"],
  ["one slip after the other", ["", good, "other", "short"], "OFFLINE_CA_PASSPHRASE_UNFIT", "fewer than ten characters"],
])("after three slips it ends: %s", async (_what, lines, code, words) => {
  const { answer } = typing(lines);
  await expect(answer).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
});

test("one that is too short is not asked for again before it is judged", async () => {
  const { seen, answer } = typing(["short", good, good]);
  expect(await answer).toBe(good);
  expect(seen).toEqual([first, "this passphrase was rejected: it has fewer than ten characters; once more", first, again]);
});

test("after a slip in the repeat, both are asked for again", async () => {
  const { seen, answer } = typing([good, "open sesame", good, "open sesame", good, good]);
  expect(await answer).toBe(good);
  const slip = "the two passphrases are not the same; once more";
  expect(seen).toEqual([first, again, slip, first, again, slip, first, again]);
});

test("where nobody can be asked, it does not ask again", async () => {
  let asked = 0;
  const nobody = () => {
    asked += 1;
    return Promise.reject(fail("OFFLINE_CA_PASSPHRASE_MISSING", undefined));
  };
  const answer = typeNewPassphrase(nobody, () => undefined);
  await expect(answer).rejects.toMatchObject({ code: "OFFLINE_CA_PASSPHRASE_MISSING" });
  expect(asked).toBe(1);
});
