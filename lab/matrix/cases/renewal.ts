/** Whether a running sshd shows the certificate that has taken its file's place. */
import { waitUntil } from "../../../src/ground/wait.js";
import type { Case } from "../case.js";
import type { Versions } from "../cell.js";
import { logIn } from "../login.js";
import { pidFileOf } from "../doors.js";
import { at } from "../kit.js";
import { since } from "../openssh-version.js";

const group = "renewal";
const [oldOne, newOne] = ["the old one", "the new one"];

function renewal(door: "renewed" | "reloaded", what: string, expected: (versions: Versions) => string): Case {
  return {
    id: `renewal-${door}`,
    group,
    what,
    expected,
    run: async (grounds, cell) => {
      const machine = grounds.machine(cell.server);
      const shown = async () => {
        const { stderr } = await logIn(grounds, cell, { door, hosts: "own" });
        const [, serial] = /Server host certificate: .*, serial (\d+) /.exec(stderr) ?? [];
        return serial ?? "none";
      };
      const before = await shown();
      // At one stroke, as the host script does it.
      await machine.sh(`cp ${at("host_newer-cert.pub")} ${at(".new")} && mv ${at(".new")} ${at(`${door}-cert.pub`)}`);
      if (door === "renewed") return (await shown()) === before ? oldOne : newOne;
      await machine.sh(`kill -HUP "$(cat ${pidFileOf(door)})"`);
      const isNew = async () => ![before, "none"].includes(await shown());
      return (await waitUntil(isNew, { seconds: 5, every: 200 })) ? newOne : oldOne;
    },
  };
}

export const renewalCases: readonly Case[] = [
  renewal("renewed", "without SIGHUP", ({ server }) => (since(server, "9.8") ? oldOne : newOne)),
  renewal("reloaded", "with SIGHUP", () => newOne),
];
