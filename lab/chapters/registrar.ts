/** Parts of commands of whoever adds hosts, and of what machines of the cloud are asked. */
import type { LabNames } from "../names.js";
import { cloudCas } from "../roles.js";
import type { Step } from "../runner/chapter.js";
import { keyOfLaptop } from "./logins.js";
import { tokenHeader } from "./hosts.js";

const policy = "lab-registrar";

export const registrarOf = (names: LabNames) => {
  const folder = `${names.folder}/registrar`;
  const asked = (path: string, options = "") => `curl -s ${options}${tokenHeader(names)} {{vault}}/v1/${path}`;
  const machine = (name: string) => names.container(`cloud-${name}`);
  const header = `${folder}/token-header`;
  const host = (what: string) => `VAULT_ADDR={{vault}} VAULT_TOKEN=$(cut -d " " -f 2 ${header}) ssh-trust host ${what}`;
  return {
    folder,
    /** curl as the registrar. */
    tried: `curl -s -H @${header} {{vault}}/v1`,
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
      {
        about:
          "The operator makes the registrar's policy, as apply prints it. (What an interrupted run of this chapter left goes first.)",
        run:
          `rm -rf ${folder} && mkdir -m 700 ${folder} && npm run apply-fleet >/dev/null 2>&1 && ` +
          `printf '{"policy":"%s"}' "$(ssh-trust apply --file {{fleet}} --print-policy registrar | base64 -w 0)" | ${asked(`sys/policies/acl/${policy}`)} -d @-`,
        see: { exit: 0, without: ["errors"] },
      },
      {
        about: "A token that has this policy and no other. It goes into a file that only its owner can read.",
        run:
          `(umask 077; ${asked("auth/token/create-orphan")} -d '{"policies":["${policy}"],"ttl":"1h"}' | ` +
          `sed -n 's/.*"client_token":"\\([^"]*\\)".*/X-Vault-Token: \\1/p' > ${header}) && ls -l ${header}`,
        see: { exit: 0, text: [/^-rw------- /m] },
      },
      {
        about: "What hosts there are is the registrar's to see. (Those of an earlier run go first.)",
        run: `for host in web-1 web-2; do ${host("remove $host.lab.test")} >/dev/null 2>&1; done; ${host("list")}`,
        see: { exit: 0, without: ["web-1", "web-2"] },
      },
    ] satisfies readonly Step[],
    end: {
      about: "What was made for the registrar is taken away.",
      run:
        `curl -s -X POST -H @${header} {{vault}}/v1/auth/token/revoke-self; ` +
        `${asked(`sys/policies/acl/${policy}`, "-X DELETE ")} && rm -r ${folder}`,
      see: { exit: 0, without: ["errors"] },
    } satisfies Step,
  };
};
