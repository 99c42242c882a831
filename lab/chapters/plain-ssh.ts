import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
import { alicesMachine } from "./alices-machine.js";
import { silent } from "./logins.js";

export const plainSsh = (names: LabNames): Chapter => {
  const alice = alicesMachine(names, "plain-ssh");
  const { folder, config, before, ssh, status } = alice;
  const asked = (file: string, host: string) => `ssh -G -T -F ${file} ${host}`;
  return {
    title: "Plain ssh",
    teaches:
      "Alice types ssh and scp as before. One line in her ssh configuration makes ssh use an agent. The agent learns from " +
      "ssh which host it is connecting to, and has a certificate signed for that login, valid for a minute. For hosts that " +
      "she may not log in to, it offers nothing, and says why. At the end the line is removed, and the file is as it was.",
    needs: ["reset-cloud", "apply-fleet"],
    steps: [
      alice.begin,
      alice.signIn,
      {
        about: "Two machines, hosts of the fleet.",
        run: "npm run cloud -- launch web-1 --signed && npm run cloud -- launch db-1 --signed",
        see: { exit: 0, text: ["web-1 runs", "db-1 runs"] },
      },
      alice.configure,
      {
        about:
          "`config install` shows what it will do. At a terminal it asks first; `--yes` answers the question. It also starts the " +
          "agent. (Without `--file`, it changes ~/.ssh/config.)",
        run: alice.install,
        see: {
          exit: 0,
          text: [
            "gets one line, at its top",
            /^ +Include \S+\/ssh-trust\/ssh\/\*\.conf$/m,
            "does what the fleet says",
            "the agent was started",
          ],
        },
        legend: {
          Include: "the line that is added; the included file is shown below it",
          Host: "names of the fleet's hosts: for others nothing changes",
          IdentityAgent: "the agent that makes certificates",
        },
      },
      {
        about: "Her file has one line more.",
        run: `diff ${before} ${config}`,
        see: { exit: 1, text: [/^0a1\n> Include \S+\n?$/] },
        claim: "`config install` adds one line to the ssh configuration, and changes no other",
      },
      {
        about: "What ssh does for a host outside the fleet, before and after: `ssh -G` prints all of its options.",
        run: `diff <(${asked(before, "git.example.com")}) <(${asked(config, "git.example.com")}) && ${asked(config, "git.example.com")} | grep -E '^(user|port|identityagent) '`,
        see: { exit: 0, text: [/^user git$/m, /^port 2222$/m, /^identityagent none$/m] },
        claim: "For a host outside the fleet, ssh has the same options as before",
      },
      {
        about: "She logs in. There is no terminal here, so ssh cannot ask her anything.",
        run: ssh("web-1"),
        within: 60,
        see: silent,
        claim: "Plain ssh logs in to a host of the fleet that it has never seen, without a question",
      },
      {
        about: "The log of web-1, and what the agent did.",
        run: `docker logs ${names.container("cloud-web-1")} 2>&1 | grep 'Accepted publickey'; ${status(10)}`,
        see: {
          exit: 0,
          text: [
            /Accepted publickey for admin-ssh-user .* ED25519-CERT .* ID web-team-web:\S*alice /,
            /offered +web-1\.lab\.test \(web\): web-team-web \(admin-ssh-user\), signed now, valid for (?:1m|5\ds)/,
            "signed 1 login with 1 certificate",
          ],
        },
        legend: { ID: "the rule, the hash of the key, and who she is" },
        claim: "The host's log names the rule and Alice; the certificate was signed for that login, and is valid for a minute",
      },
      {
        about: "She logs in again, at once.",
        run: `${ssh("web-1")} && ${status(2)}`,
        see: { exit: 0, text: [/^admin-ssh-user$/m, "used again", "signed 2 logins with 1 certificate"] },
        claim: "Within its minute, a certificate is used again: nothing is signed for the second login",
      },
      {
        about: "scp runs ssh, and needs nothing more. A file goes to web-1 and comes back.",
        run:
          `as alice scp -q -F ${config} ${before} admin-ssh-user@web-1.lab.test:sent && as alice scp -q -F ${config} admin-ssh-user@web-1.lab.test:sent ${folder}/back && ` +
          `cmp ${before} ${folder}/back && ls -l ${folder}/back`,
        see: { exit: 0, text: [`${folder}/back`] },
        claim: "scp works through the same line",
      },
      {
        about: "db-1 is also a host of the fleet, and proves who it is. But no rule lets Alice log in there.",
        run: `${ssh("db-1")}; ${status(1)}`,
        see: {
          exit: 0,
          text: ["db-1.lab.test: Permission denied (publickey)", /nothing +no rule lets alice log in to db-1\.lab\.test \(db\)/],
          without: ["authenticity", /^admin-ssh-user$/m],
        },
        claim: "If no rule lets somebody in, the agent offers nothing, and `agent status` says why",
      },
      {
        about:
          "In the evening she logs out, and tries web-1 once more. The certificate of her last login may still be valid for some " +
          "seconds.",
        run: `as alice ssh-trust logout; ${ssh("web-1")}; ${status(1)}`,
        see: {
          exit: 0,
          text: ["logged out at", "web-1.lab.test: Permission denied (publickey)", "nobody is signed in"],
          without: [/^admin-ssh-user$/m],
        },
        claim: "After `logout`, the agent offers nothing, not even a certificate that is still valid",
      },
      {
        about: "The line is removed again, and so are the files that were written for it.",
        run: `as alice ssh-trust config remove && cmp ${before} ${config} && ls -l ${before} ${config}`,
        see: { exit: 0, text: ["ssh_config.before"], without: ["differ"] },
        claim: "After `config remove` the file is as it was, byte for byte",
      },
      alice.end("web-1", "db-1"),
    ],
  };
};
