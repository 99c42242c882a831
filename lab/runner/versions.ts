/** Name and version of everything that the lab runs with. */
import { execa } from "execa";
import type { Lab } from "../lab.js";
import { readToolchainRecord } from "../toolchain/record.js";

export async function versionsOf(lab: Lab): Promise<Record<string, string>> {
  const [ssh, engine, vault, record] = await Promise.all([
    execa("ssh", ["-V"], { reject: false }).then(({ stderr }) => /OpenSSH_(\S+?),?\s/.exec(`${stderr} `)?.[1]),
    lab.engine().then(
      (docker) => docker.version(),
      () => undefined,
    ),
    lab.vault.checkReady().catch(() => undefined),
    readToolchainRecord(lab.settings),
  ]);
  return {
    ...(ssh === undefined ? {} : { OpenSSH: ssh }),
    ...(engine === undefined ? {} : { Docker: engine.Version }),
    ...(vault === undefined ? {} : { [`${vault.name} server`]: vault.version }),
    ...(record === undefined
      ? {}
      : { [record.terraform.name === "terraform" ? "Terraform" : "OpenTofu"]: record.terraform.version }),
    Node: process.versions.node,
  };
}
