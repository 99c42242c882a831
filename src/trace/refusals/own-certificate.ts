/** Phase 3: a certificate that the person offered, and what it says against itself. It comes before what ssh or the host say. */
import { verb, type Advice, type Hint } from "../../errors/hint.js";
import { isValidAt, validFrom, validTo } from "../../ssh/certificate-validity.js";
import type { Certificate } from "../../ssh/certificate.js";
import type { Identity } from "../events.js";
import { shellWord } from "../../ground/shell-word.js";
import { idOf, isCertificate, spokenInside, spokenTime } from "../identity.js";
import { complaint, isLocked, type Ending, type Rule } from "./ending.js";

interface Found {
  readonly identity: Identity;
  readonly certificate: Certificate;
}

/** Those that did not let the person in. After the last try the host may hang up instead of answering: then the outcome is open. */
const refusedCertificates = ({ tried }: Ending): Identity[] =>
  tried
    .filter(({ identity, outcome }) => isCertificate(identity) && (outcome === "declined" || outcome === "open"))
    .map(({ identity }) => identity);

/** The host wanted a key or took it, and something else was missing: no other certificate would change that. */
const wasWanted = ({ tried, keysUnusable, partial }: Ending): boolean =>
  partial || keysUnusable.length > 0 || tried.some(isLocked);

/** The first of them of which this is true, as far as they could be read. */
function refused(ending: Ending, isSo: (certificate: Certificate) => boolean): Found | undefined {
  if (wasWanted(ending) || complaint(ending, /Permission denied|Too many authentication failures/) === undefined)
    return undefined;
  return refusedCertificates(ending)
    .flatMap((identity): Found[] => {
      const certificate = ending.certificates.get(idOf(identity));
      return certificate === undefined ? [] : [{ identity, certificate }];
    })
    .find(({ certificate }) => isSo(certificate));
}

export const invalidCertificate: Rule = [
  "user-certificate-invalid",
  "user",
  (e) => {
    const found = refused(e, (certificate) => !isValidAt(certificate, e.time));
    if (found === undefined) return undefined;
    const { identity, certificate } = found;
    const { principals } = certificate;
    const from = validFrom(certificate);
    const early = typeof from !== "string" && from > e.time;
    const when = early ? `is not valid before ${spokenTime(from)}` : `expired at ${spokenTime(validTo(certificate))}`;
    return [
      `permission denied for ${e.user}: ${spokenInside(identity)} ${when}`,
      [signFor(identity, "have the key signed again", principals.length === 0 ? [e.user] : principals), lookAt(identity)],
    ];
  },
];

/** sshd compares the account with the principals, unless it is told to map them: sshd_config(5), AuthorizedPrincipalsFile. */
export const certificateForOthers: Rule = [
  "permission-denied",
  "user",
  (e) => {
    const found = refused(e, ({ principals }) => !principals.includes(e.user));
    if (found === undefined) return undefined;
    const { identity, certificate } = found;
    const { principals } = certificate;
    const whom = principals.length === 0 ? "names no account" : `is for ${listed(principals)}, not for ${e.user}`;
    return [
      `permission denied for ${e.user}, most likely because ${spokenInside(identity)} ${whom} ` +
        "(unless the host maps names to accounts: AuthorizedPrincipalsFile)",
      [
        signFor(identity, `have the key signed for ${e.user}`, [e.user]),
        ...principals
          .filter(isAccount)
          .slice(0, 1)
          .map((account) => ({ say: `or log in as ${account}`, run: verb(`trace -l ${shellWord(account)} <destination>`) })),
        lookAt(identity),
      ],
    ];
  },
];

/** There may be 256. */
const listed = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(", ") : `${names.slice(0, 3).join(", ")} and ${String(names.length - 3)} more`;

/** "deploy@web" is a name that hosts map to an account. */
const isAccount = (principal: string): boolean => /^[a-z_][\w.-]*$/i.test(principal);

function signFor({ name, agent }: Identity, say: string, principals: readonly string[]): Advice {
  const options = principals.map((each) => `--principal ${shellWord(each)} `).join("");
  const file = agent ? "<key>.pub" : shellWord(`${withoutEnding(name)}.pub`);
  return { say: `${say}, by Vault or by an offline CA`, run: verb(`offline-ca sign-user <person> ${options}${file}`) };
}

/** Of a certificate that says nothing against itself: what the host may have against it. */
export function hintForCertificate(ending: Ending): Hint | undefined {
  const [identity] = refusedCertificates(ending);
  if (identity === undefined) return undefined;
  return [
    { say: `the host must trust the CA of the certificate, and accept the certificate for ${ending.user}` },
    lookAt(identity),
  ];
}

function lookAt({ agent, name }: Identity): Advice {
  const file = shellWord(`${withoutEnding(name)}-cert.pub`);
  return { say: "look at the certificate", run: agent ? "ssh-add -L | ssh-keygen -L -f -" : `ssh-keygen -L -f ${file}` };
}

/** ssh names the key's file, or that of `CertificateFile`. */
export const withoutEnding = (name: string): string => name.replace(/(?:-cert)?\.pub$/, "");
