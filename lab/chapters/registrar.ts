/** Parts of commands of whoever adds hosts, and of what machines of the cloud are asked. */
import type { LabNames } from "../names.js";
import { cloudCas } from "../roles.js";
import type { Step } from "../runner/chapter.js";
import { keyOfLaptop } from "./logins.js";
import { officeOf } from "./office.js";

export const registrarOf = (names: LabNames) => {
  const office = officeOf(names, { who: "the registrar", policy: "registrar", called: "lab-registrar", folder: "registrar" });
  const { folder, asked, tried, sshTrust, begin, end } = office;
  const machine = (name: string) => names.container(`cloud-${name}`);
  const host = (what: string) => sshTrust(`host ${what}`);
  return {
    folder,
    /** curl as the registrar. */
    tried,
    /** Opens what a file of `host add` wraps, as whoever has the file. */
    unwrap: (file: string) =>
      `grep -oE '^ +(hv)?s\\.[A-Za-z0-9_-]+$' ${file} | sed 's/^ */X-Vault-Token: /' | curl -s -X POST -H @- {{vault}}/v1/sys/wrapping/unwrap`,
    /** `ssh-trust host …`, with a registrar's token and no other. */
    host,
    machine,
    /** In a machine, as root. */
    inside: (name: string, script: string) => `docker exec ${machine(name)} sh -c '${script}'`,
    /** A certificate for the laptop's key by the rule of the web team, signed as the operator; it is valid for a minute. */
    certify:
      `${keyOfLaptop(names)} | sed 's/.*/{"valid_principals":"admin-ssh-user@web","public_key":"&"}/' | ` +
      `${asked(`${cloudCas.user}/sign/web-team-web`)} -d @- | sed -n 's/.*"signed_key":"\\([^"\\]*\\).*/\\1/p' | ` +
      `docker exec -i ${names.container("laptop")} tee .ssh/id_ed25519-cert.pub | cut -d ' ' -f 1`,
    begin: [
      ...begin,
      {
        about: "The registrar lists the hosts. (Those of an earlier run are removed first.)",
        run: `for host in web-1 web-2; do ${host("remove --yes $host.lab.test")} >/dev/null 2>&1; done; ${host("list")}`,
        see: { exit: 0, without: ["web-1", "web-2"] },
      },
    ] satisfies readonly Step[],
    end,
  };
};
