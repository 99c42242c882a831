/** The figures that a walkthrough ends with, and a login by certificate against one by authorized_keys. */
import { execa } from "execa";
import { finish } from "../lab/face/task.js";
import { print } from "../src/terminal/report.js";
import { measureFigures } from "../lab/runner/figures.js";
import type { Lab } from "../lab/lab.js";
import { signUserKey } from "../lab/tutorial/people.js";
import { performNeeds } from "../lab/tasks.js";
import { hostRole } from "../lab/roles.js";
import { median } from "./median.js";

export async function walkthroughFigures(lab: Lab, rounds: number): Promise<void> {
  await performNeeds(lab, "bench", ["create-known-hosts", "start-ssh-with-signed-hostkey", "start-ssh-with-trusted-user-ca"]);
  await signUserKey(lab, "alice");
  for (const { what, value, unit, limit } of await measureFigures(lab, hostRole, rounds)) {
    if (value > limit) finish(1);
    print(`${value.toFixed(2)} ${unit} (limit ${String(limit)} ${unit})  ${what}`);
  }
  const key: number[] = [];
  const certificate: number[] = [];
  for (let round = 0; round < rounds; round++) {
    key.push(await login(lab.settings.root, 2022, "bob"));
    certificate.push(await login(lab.settings.root, 3022, "alice"));
  }
  print(
    `${(median(certificate) / median(key)).toFixed(2)} ×  a login by certificate against one by authorized_keys (medians of ${String(rounds)})`,
  );
}

async function login(root: string, port: number, person: string): Promise<number> {
  const begun = performance.now();
  const options = ["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "UserKnownHostsFile=./known_hosts"];
  await execa("ssh", [...options, "-p", String(port), "-i", `ssh-keys/${person}_id_rsa`, "admin-ssh-user@localhost", "true"], {
    cwd: root,
  });
  return performance.now() - begun;
}
