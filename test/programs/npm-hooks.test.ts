/** `prepare` as npm calls it by itself: an install does nothing here, and does not fail; only a person's `npm run prepare` prepares the lab. */
import { expect, test } from "@jest/globals";
import { task } from "../support/project.js";

const nowhere = { DOCKER_HOST: "unix:///nonexistent/docker.sock", CI: "" };

test.each(["ci", "install", "update", "rebuild", "link", "uninstall"])("npm %s: it says what comes next", async (command) => {
  const { all, exit } = await task("prepare", [], { ...nowhere, npm_command: command });
  expect(all).toMatch(/^next: npm run walkthrough [^\n]*$/);
  expect(exit).toBe(0);
});

test("npm run prepare: it looks for Docker", async () => {
  const { all, exit } = await task("prepare", [], { ...nowhere, npm_command: "run" });
  expect(all).toContain("[DOCKER_DOWN]");
  expect(exit).toBe(1);
});
