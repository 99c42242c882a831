/** What the engine says of a build: what is told of a failure, and whether it is worth another try. */
import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { follow, ImageRefusal, pauseBeforeNext } from "../../../../lab/docker/follow.js";
import { Engine } from "../../../../lab/docker/engine.js";

/** Never asked: it only reads an answer. */
const engine = new Engine({ socketPath: "/nowhere" }, { lab: "default", checkout: "/nowhere" });

/** As Docker 20.10 and 28 write it. */
const answerOf = (...lines: readonly object[]) => Readable.from([lines.map((line) => `${JSON.stringify(line)}\n`).join("")]);
const red = (text: string, end = "\n") => ({ stream: `\u001b[91m${text}${end}\u001b[0m` });
const refused = (code: number) => {
  const message = `The command '/bin/sh -c apt-get update' returned a non-zero code: ${String(code)}`;
  return { errorDetail: { code, message }, error: message };
};

const failureOf = async (...lines: readonly object[]): Promise<unknown> =>
  follow(engine, answerOf(...lines), () => undefined).then(
    () => undefined,
    (error: unknown) => error,
  );

test("an answer without an error is a success, and each of its lines is told", async () => {
  const told: string[] = [];
  const answer = answerOf(
    { stream: "Step 1/1 : RUN true" },
    { stream: "\n" },
    red("W: slow"),
    { status: "Pulling" },
    { aux: { ID: "sha256:1" } },
  );
  await follow(engine, answer, (text) => told.push(text));
  expect(told).toEqual(["Step 1/1 : RUN true", "W: slow", "Pulling"]);
});

test("a failure says what the command last wrote to stderr, and its exit status", async () => {
  const step = { stream: "Step 2/2 : RUN apt-get update" };
  const end = { stream: "Removing intermediate container 472bf7effd6e\n" };
  const inParts = [red("E: ", ""), red("Unable to locate package nodejs", ""), red("")];
  const error = await failureOf(step, red("W: some lists"), ...inParts, end, refused(100));
  expect(error).toMatchObject({
    message: "The command '/bin/sh -c apt-get update' returned a non-zero code: 100: E: Unable to locate package nodejs",
    exit: 100,
  });
});

test("what an earlier step wrote to stderr is not taken for the reason", async () => {
  expect(await failureOf(red("W: earlier"), { stream: "Step 2/2 : RUN false" }, refused(1))).toMatchObject({
    message: "The command '/bin/sh -c apt-get update' returned a non-zero code: 1",
  });
});

test("a failure of the engine itself has no exit status", async () => {
  const message = "COPY failed: file not found";
  expect(await failureOf({ errorDetail: { message }, error: message })).toMatchObject({ message, exit: undefined });
});

describe("another try", () => {
  const apt = new ImageRefusal("E: Unable to locate package nodejs", 100);
  test.each<[what: string, error: unknown, tries: number, pause: number | undefined]>([
    ["is of no use where a command failed that is not apt-get", new ImageRefusal("no", 1), 1, undefined],
    ["is of no use where the shell did not find a command", new ImageRefusal("no", 127), 1, undefined],
    ["is of no use where the engine refused", new ImageRefusal("COPY failed", undefined), 1, undefined],
    ["is of no use where the engine is gone", new Error("connect ECONNREFUSED"), 1, undefined],
    ["is not made after the third", apt, 3, undefined],
    ["is made soon where apt-get failed", apt, 1, 5],
    ["is made later where it failed again", apt, 2, 20],
  ])("%s", (_what, error, tries, pause) => {
    expect(pauseBeforeNext(error, tries)).toBe(pause);
  });
});
