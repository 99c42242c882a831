import { expect, test } from "@jest/globals";
import { bases, opensshImage } from "../../../../lab/images.js";
import { namesOf } from "../../../../lab/names.js";
import { debian, factsOf, type Suite } from "../../../../lab/toolchain/versions.js";

const suites = Object.keys(debian.suites) as Suite[];
const names = namesOf("second");

test("each release has images of its own, and the lab's machines stay what they were", () => {
  expect(new Set(suites.map((suite) => opensshImage(names, suite, "base").tag)).size).toBe(suites.length);
  expect(bases()).toEqual({ pulled: "debian:bookworm-slim", bootstrapped: "ssh-trust/debian:bookworm" });
  expect(bases("sid")).toEqual({ pulled: "debian:sid-slim", bootstrapped: "ssh-trust/debian:sid" });
});

test("only sid is made again, has no archive of updates, and may come from a mirror with old dates", () => {
  const moving = suites.filter((suite) => factsOf(suite).freshForDays !== undefined);
  expect(moving).toEqual(["sid"]);
  expect(suites.filter((suite) => !factsOf(suite).updates)).toEqual(moving);
  expect(suites.filter((suite) => opensshImage(names, suite, "base").buildArgs !== undefined)).toEqual(moving);
});
