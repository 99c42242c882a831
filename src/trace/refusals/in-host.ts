/** Phase 2: the host could not prove who it is. */
import { meaningOf } from "../certificate-reason.js";
import { shellWord } from "../../ground/shell-word.js";
import { complaint, type Ending, type Rule } from "./ending.js";

/** As known_hosts writes it. */
const knownName = ({ host, port }: Ending) => (port === "22" || port === "" ? host : `[${host}]:${port}`);

const compare = (ending: Ending) =>
  "compare its fingerprint with the one that its owner tells you, read on the host itself: " +
  `ssh-keygen -l -f /etc/ssh/ssh_host_${keyKind(ending)}_key.pub`;

const keyKind = ({ hostKey }: Ending) => /^(?:sk-)?(?:ssh-)?(rsa|ecdsa|ed25519)/.exec(hostKey?.type ?? "")?.[1] ?? "ed25519";

const resign =
  "sign the host's key again, for this name and for now, and reload sshd; with a CA of your own: ssh-trust offline-ca sign-host --help";

const patternFor = (host: string) => (/^[\w.:-]+$/.test(host) ? host : "<its name>");

export const inHost: readonly Rule[] = [
  [
    "host-key-revoked",
    "host",
    (e) =>
      e.revokedBy === undefined
        ? undefined
        : [
            `the host's key is revoked, by ${e.revokedBy}`,
            "do not log in: a stolen key may be in use; ask the host's owner for a host with a new one",
          ],
  ],
  [
    "host-key-changed",
    "host",
    (e) => {
      if (!e.changed) return undefined;
      const where = e.offending === undefined ? "" : ` in line ${String(e.offending.line)} of ${e.offending.file}`;
      const file = e.offending === undefined ? "" : ` -f ${shellWord(e.offending.file)}`;
      return [
        `the host's key is another than the one${where}: a new machine, or somebody in between`,
        `find out which. Only if its owner confirms the new key: ssh-keygen${file} -R ${shellWord(knownName(e))}`,
      ];
    },
  ],
  [
    "host-certificate-invalid",
    "host",
    (e) =>
      e.certificateRefused === undefined
        ? undefined
        : [`the host's certificate does not count: ${meaningOf(e.certificateRefused)} (${e.certificateRefused})`, resign],
  ],
  [
    "host-ca-unknown",
    "host",
    (e) =>
      e.ca === undefined || !(e.hostUnknown || e.asked || complaint(e, /^Host key verification failed/))
        ? undefined
        : [
            `the host's certificate is by a CA that no known_hosts file names for ${e.host}${e.ca === "" ? "" : `: ${e.ca}`}`,
            `if that is your CA's fingerprint, put this line with its public key into the known_hosts file that you use: @cert-authority ${patternFor(e.host)} ssh-…`,
          ],
  ],
  [
    "host-unknown",
    "host",
    (e) =>
      e.hostUnknown
        ? [`no known_hosts file has a key for ${knownName(e)}, and strict checking asks nobody`, compare(e)]
        : undefined,
  ],
  [
    "host-not-confirmed",
    "host",
    (e) => (e.asked ? [`nobody confirmed the key of ${knownName(e)}, which no known_hosts file knows`, compare(e)] : undefined),
  ],
  [
    "host-signature-wrong",
    "host",
    (e) =>
      complaint(e, /incorrect signature/) && [
        "the host's signature is wrong: it presents a key whose private half it does not have",
        "do not log in: what answers is not the host, or its sshd has a certificate that does not fit its key",
      ],
  ],
  [
    "host-key-too-weak",
    "host",
    (e) =>
      complaint(e, /Bad server host key/) && [
        "the host's key is too short to be accepted",
        "make the host a new key: ssh-keygen -A",
      ],
  ],
  [
    "host-not-verified",
    "host",
    (e) => complaint(e, /^Host key verification failed/) && ["the host's key was not accepted", compare(e)],
  ],
];
