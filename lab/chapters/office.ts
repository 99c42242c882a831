/** Somebody who looks after a part of the fleet: with a token that has one policy, as apply prints it, and no other. */
import type { LabNames } from "../names.js";
import type { Step } from "../runner/chapter.js";
import { tokenHeader } from "./hosts.js";

export interface Office {
  /** As a sentence names them. */
  readonly who: string;
  /** What `apply --print-policy` prints, and what it is called in Vault. */
  readonly policy: "registrar" | "people" | "directory";
  readonly called: string;
  /** Below the lab's folder: what the chapter makes. */
  readonly folder: string;
}

export const officeOf = (names: LabNames, { who, policy, called, folder: name }: Office) => {
  const folder = `${names.folder}/${name}`;
  const header = `${folder}/token-header`;
  const asked = (path: string, options = "") => `curl -s ${options}${tokenHeader(names)} {{vault}}/v1/${path}`;
  return {
    folder,
    /** curl as the operator. */
    asked,
    /** curl as they. */
    tried: `curl -s -H @${header} {{vault}}/v1`,
    /** `ssh-trust …`, with their token and no other. */
    sshTrust: (what: string) => `VAULT_ADDR={{vault}} VAULT_TOKEN=$(cut -d " " -f 2 ${header}) ssh-trust ${what}`,
    begin: [
      {
        about: `The operator makes ${who}'s policy, as apply prints it. (What an interrupted run of this chapter left is removed first.)`,
        run:
          `rm -rf ${folder} && mkdir -m 700 ${folder} && npm run apply-fleet >/dev/null 2>&1 && ` +
          `printf '{"policy":"%s"}' "$(ssh-trust apply --file {{fleet}} --print-policy ${policy} | base64 -w 0)" | ${asked(`sys/policies/acl/${called}`)} -d @-`,
        see: { exit: 0, without: ["errors"] },
      },
      {
        about: "A token that has this policy and no other. It is written to a file that only its owner can read.",
        run:
          `(umask 077; ${asked("auth/token/create-orphan")} -d '{"policies":["${called}"],"ttl":"1h"}' | ` +
          `sed -n 's/.*"client_token":"\\([^"]*\\)".*/X-Vault-Token: \\1/p' > ${header}) && ls -l ${header}`,
        see: { exit: 0, text: [/^-rw------- /m] },
      },
    ] satisfies readonly Step[],
    end: {
      about: `What was made for ${who} is removed.`,
      run:
        `curl -s -X POST -H @${header} {{vault}}/v1/auth/token/revoke-self; ` +
        `${asked(`sys/policies/acl/${called}`, "-X DELETE ")} && rm -r ${folder}`,
      see: { exit: 0, without: ["errors"] },
    } satisfies Step,
  };
};
