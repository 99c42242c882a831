/** Alice's own machine: she is signed in there, has a configuration of ssh, and plain ssh gets its certificates from her agent. */
import type { LabNames } from "../names.js";
import type { Step } from "../runner/chapter.js";
import { throughTheLaptop } from "./logins.js";

/** @param name of the chapter's folder, below the lab's */
export const alicesMachine = (names: LabNames, name: string) => {
  const folder = `${names.folder}/${name}`;
  const config = `${folder}/ssh_config`;
  const operator = (what: string) =>
    `VAULT_ADDR={{vault}} VAULT_TOKEN=$(cut -d " " -f 2 ${names.folder}/client/token-header) ssh-trust ${what}`;
  const people = (what: string) => operator(`people ${what}`);
  const agentStops = "as alice ssh-trust agent stop";
  const leaves = (...machines: readonly string[]) =>
    ({
      about: "Alice is removed, and the machines are terminated.",
      run: `${people("remove --yes alice")} && npm run cloud -- terminate ${machines.join(" ")} && rm -r ${folder}`,
      see: { exit: 0, text: ["alice can no longer have anything signed", ...machines.map((machine) => `${machine} terminated`)] },
    }) satisfies Step;
  const to = (host: string) => `-F ${config} admin-ssh-user@${host}.lab.test`;
  return {
    folder,
    /** Her configuration of ssh. */
    config,
    /** Her configuration as it was before install. */
    before: `${folder}/ssh_config.before`,
    /** `ssh …` to a host, as she types it. */
    ssh: (host: string, command = "whoami", options = "") => `as alice ssh ${options}${to(host)} ${command}`,
    status: (last: number) => `as alice ssh-trust agent status --last ${String(last)}`,
    /** What an interrupted run of the chapter left goes first. */
    begin: {
      about: "What an interrupted run of this chapter left is removed first: Alice, her agent, her configuration.",
      run: `{ ${agentStops}; as alice ssh-trust config remove; ${people("remove --yes alice")}; } >/dev/null 2>&1; rm -rf ${folder}; mkdir -m 700 ${folder} && ${people("list")}`,
      see: { exit: 0, without: ["alice"] },
    } satisfies Step,
    signIn: {
      about: "Alice is invited to the web team, chooses a password, and signs in. Chapter 20 shows this in detail.",
      run:
        `${people(`add alice --group web-team --out ${folder}/alice.invitation`)} && (umask 077; openssl rand -base64 18 > ${folder}/password) && ` +
        `as alice ssh-trust login --invitation ${folder}/alice.invitation --password-file ${folder}/password --factor-out ${folder}/factor`,
      see: { exit: 0, text: [/^alice is signed in at /m, /^may log in to web .* as admin-ssh-user, for 1m each/m] },
    } satisfies Step,
    configure: {
      about:
        "Her ssh configuration, in a file of its own for this chapter, so that yours stays as it is. The lab's cloud is " +
        "reached through the laptop. The host git.example.com does not belong to the fleet. The last lines make sure that your " +
        "own agent and keys are not used.",
      run:
        `printf '%s\\n' 'Host *.lab.test' '  ProxyCommand ${throughTheLaptop(names)}' 'Host git.example.com' '  User git' '  Port 2222' ` +
        `'Host *' '  IdentityAgent none' '  IdentitiesOnly yes' | tee ${config} && cp ${config} ${folder}/ssh_config.before`,
      see: { exit: 0, text: ["git.example.com", "ProxyCommand"] },
    } satisfies Step,
    install: `as alice ssh-trust config install --yes --file ${config}`,
    leaves,
    end: (...machines: readonly string[]) => {
      const { about, run, see } = leaves(...machines);
      return {
        about: `Her agent is stopped. ${about}`,
        run: `${agentStops} && ${run}`,
        see: { ...see, text: ["the agent has ended", ...see.text] },
      } satisfies Step;
    },
    /** `ssh-trust …`, with the operator's token. */
    operator,
    agentStops,
  };
};
