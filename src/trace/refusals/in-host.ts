/** Phase 2: the host could not prove who it is. */
import { verb, type Advice, type Hint } from "../../errors/hint.js";
import { shellWord } from "../../ground/shell-word.js";
import { meaningOf } from "../certificate-reason.js";
import type { Revoked } from "../events.js";
import { complaint, type Ending, type Rule, type Told } from "./ending.js";

/** What ssh looks up in known_hosts. */
const knownName = ({ host, port, hostKeyAlias }: Ending) =>
  hostKeyAlias ?? (port === "22" || port === "" ? host : `[${host}]:${port}`);

/** What ssh looks for in a host's certificate. ssh looks up its CA under this name too. */
const certifiedName = ({ host, hostKeyAlias }: Ending) => hostKeyAlias ?? host;

const compare = (ending: Ending): Advice => ({
  say: "compare its fingerprint with the one that its owner reads on the host itself",
  run: `ssh-keygen -l -f /etc/ssh/ssh_host_${keyKind(ending)}_key.pub`,
});

/** ssh takes the fingerprint as an answer to its question: ssh_config(5), StrictHostKeyChecking. */
const confirm = (ending: Ending): Hint => [
  compare(ending),
  {
    say: "if they are equal, log in at a terminal, and paste the fingerprint when ssh asks",
    run: "ssh -o StrictHostKeyChecking=ask <destination>",
  },
];

/** As ssh-keygen -A calls the file: ssh_host_ecdsa_key, and ssh_host_mldsa44_ed25519_key since OpenSSH 10.6. */
function keyKind({ hostKey }: Ending): string {
  const [, kind = "ed25519"] = /^(?:sk-)?(?:ssh-)?(rsa|ecdsa|mldsa\d+-ed25519|ed25519)/.exec(hostKey?.type ?? "") ?? [];
  return kind.replace("-", "_");
}

const resign = (ending: Ending): Hint => [
  { say: `sign the host's key again, for ${certifiedName(ending)} and with dates that include today, and reload sshd` },
  { say: "with an offline CA", run: verb("offline-ca sign-host --help") },
];

const trustCa = (ending: Ending, say: string): Advice => ({
  say,
  run: `echo '@cert-authority ${patternFor(certifiedName(ending))} <public key>' >> <known_hosts>`,
});

const patternFor = (name: string) => (/^[\w.:-]+$/.test(name) ? name : "<its name>");

function revokedCa(ending: Ending, { by, certificate }: Revoked): Told | undefined {
  const { ca = "", revokedKeys } = ending;
  if (!certificate || !revokedKeys.has(ca)) return undefined;
  const danger = { say: "do not log in: anyone who has the key of this CA can pretend to be any of its hosts" };
  return [`the CA of the host's certificate is revoked, by ${by}: ${ca}`, [danger, ...otherCa(ending)]];
}

function revokedKey({ hostKey, revokedKeys }: Ending, { by, certificate }: Revoked): Told | undefined {
  if (certificate && !revokedKeys.has(hostKey?.fingerprint ?? "")) return undefined;
  return [
    `the host's key is revoked, by ${by}`,
    { say: "do not log in: the key may be stolen; ask the host's owner to give the host a new one" },
  ];
}

/** Of a certificate, where ssh's log and the files that it names do not tell which of the two keys is revoked. */
function revokedKeyOrCa(ending: Ending, { by }: Revoked): Told {
  const { ca = "" } = ending;
  return [
    `the host's certificate is refused: its key or its CA is revoked, by ${by}`,
    [
      {
        say: `do not log in; see which of the two is revoked${ca === "" ? "" : `: the CA is ${ca}`}`,
        run: verb("inspect <file>"),
      },
      { say: "or, where that file is a KRL", run: "ssh-keygen -Q -l -f <file>" },
      { say: "if it is the key, ask the host's owner to give the host a new one" },
      ...otherCa(ending, "if it is the CA, "),
    ],
  ];
}

const otherCa = (ending: Ending, when = ""): Hint => [
  { say: `${when}have the host's key signed by another CA, and reload sshd there`, run: verb("offline-ca sign-host --help") },
  trustCa(ending, "then add the public key of that CA to the known_hosts file that you use"),
];

export const inHost: readonly Rule[] = [
  ["host-ca-revoked", "host", (e) => e.revoked && revokedCa(e, e.revoked)],
  ["host-key-revoked", "host", (e) => e.revoked && (revokedKey(e, e.revoked) ?? revokedKeyOrCa(e, e.revoked))],
  [
    "host-key-changed",
    "host",
    (e) => {
      if (!e.changed) return undefined;
      const where = e.offending === undefined ? "" : ` in line ${String(e.offending.line)} of ${e.offending.file}`;
      const file = e.offending === undefined ? "" : ` -f ${shellWord(e.offending.file)}`;
      return [
        `the host's key is another than the one${where}: a new machine, or somebody in between`,
        [
          { say: "find out which" },
          {
            say: "only if the host's owner confirms the new key, remove the old one",
            run: `ssh-keygen${file} -R ${shellWord(knownName(e))}`,
          },
        ],
      ];
    },
  ],
  [
    "host-certificate-invalid",
    "host",
    (e) =>
      e.certificateRefused === undefined
        ? undefined
        : [`the host's certificate does not count: ${meaningOf(e.certificateRefused)} (${e.certificateRefused})`, resign(e)],
  ],
  [
    "host-ca-unknown",
    "host",
    (e) =>
      e.ca === undefined || !(e.hostUnknown || e.asked || complaint(e, /^Host key verification failed/))
        ? undefined
        : [
            `the host's certificate is by a CA that no known_hosts file names for ${certifiedName(e)}${e.ca === "" ? "" : `: ${e.ca}`}`,
            trustCa(e, "if that is your CA's fingerprint, add its public key to the known_hosts file that you use"),
          ],
  ],
  [
    "host-unknown",
    "host",
    (e) =>
      e.hostUnknown
        ? [`no known_hosts file has a key for ${knownName(e)}, and strict checking asks nobody`, confirm(e)]
        : undefined,
  ],
  [
    "host-not-confirmed",
    "host",
    (e) => (e.asked ? [`nobody confirmed the key of ${knownName(e)}, which no known_hosts file knows`, confirm(e)] : undefined),
  ],
  [
    "host-signature-wrong",
    "host",
    (e) =>
      complaint(e, /incorrect signature/) && [
        "the host's signature is wrong: it presents a key whose private half it does not have",
        { say: "do not log in: what answers is not the host, or its sshd has a certificate that does not fit its key" },
      ],
  ],
  [
    "host-key-too-weak",
    "host",
    (e) =>
      complaint(e, /Bad server host key/) && [
        "the host's key is too short to be accepted",
        { say: "on the host, remove that key and generate a new one", run: "ssh-keygen -A" },
      ],
  ],
  [
    "host-not-verified",
    "host",
    (e) => complaint(e, /^Host key verification failed/) && ["the host's key was not accepted", confirm(e)],
  ],
];
