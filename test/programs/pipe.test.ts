/** Whoever reads what a command prints may go at any time. The command ends as it would have. */
import { join } from "node:path";
import { expect, jest, test } from "@jest/globals";
import { root, run } from "../support/project.js";

jest.setTimeout(180_000);

/** As a checkout starts it: the other tests start what is compiled already. */
const command = `node ${join(root, "bin/ssh-trust.js")}`;

test.each([
  ["a help", "--help | true", 0],
  ["a login that did not succeed", "trace -F none host.invalid | true", 1],
  ["a certificate that is none", "offline-ca verify /etc/hostname | true", 1],
  ["a wrong usage, told to nobody", "trace -Z 2>&1 >/dev/null | true", 2],
])("%s", async (_what, rest, status) => {
  expect(await run("bash", ["-c", `set -o pipefail; ${command} ${rest}`])).toMatchObject({ exit: status });
});
