/** The `ssh-trust` command. */
import { docsFolder, ownPackage } from "../ground/own-package.js";
import { programName } from "../settings/program.js";
import { program } from "../terminal/command.js";
import { main } from "../terminal/main.js";
import { verbsForCall } from "./load-verbs.js";
import { forCommander, withHelpAsOption } from "./own-arguments.js";

const args = withHelpAsOption(process.argv.slice(2));
const verbs = await verbsForCall(args);
const sshTrust = program(
  "SSH hosts and users prove who they are with certificates",
  verbs,
  ["init --vault https://vault.example.org:8200 --domain example.org", "apply --plan", "ssh deploy@web-1.example.org"],
  ownPackage().version,
);
await main(
  sshTrust,
  {
    program: programName(),
    docs: docsFolder(),
    hintFor: async (error) => {
      const { hintHere } = await import("./hints-here.js");
      return hintHere(error, sshTrust, async () => (await import("./known-address.js")).knownAddress());
    },
  },
  { args: forCommander(args, verbs) },
);
