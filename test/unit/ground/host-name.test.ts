import { describe, expect, test } from "@jest/globals";
import { isHostName } from "../../../src/ground/host-name.js";

const longest = "a".repeat(63);

describe("no host name", () => {
  test.each([
    "",
    ".",
    "web.",
    ".web",
    "web..eu",
    "-web",
    "web-",
    "_web",
    "web_",
    "_ssh._tcp.example.org",
    "Web",
    "web:22",
    "[web]",
    "*.example.org",
    "a,b",
    "a b",
    "a\nb",
    "é",
    "::1",
    `${longest}a`,
    `${longest}.${longest}.${longest}.${longest}`,
  ])("%j", (name) => {
    expect(isHostName(name)).toBe(false);
  });
});

describe("a host name", () => {
  test.each(["a", "web", "web_1", "db__2", "a_-b", "web.my_lab.test", "3com", "xn--bcher-kva.example", longest, "10.0.0.1"])(
    "%j",
    (name) => {
      expect(isHostName(name)).toBe(true);
    },
  );
});
