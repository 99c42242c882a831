/** What a certificate's options permit and forbid: PROTOCOL.certkeys, "Critical options" and "Extensions". */
import type { Certificate } from "../certificate.js";
import { formOf } from "../certificate-options.js";
import { listed } from "./lists.js";
import { isAddressList } from "./source-address.js";
import { verdict, type Verdict } from "./verdict.js";

export const optionVerdicts = (certificate: Certificate): Verdict[] =>
  certificate.certType === "host" ? hostOptions(certificate) : userOptions(certificate);

/** ssh knows no critical option of a host's, so it refuses each (sshkey_cert_check_host). Extensions it ignores. */
function hostOptions({ criticalOptions, extensions }: Certificate): Verdict[] {
  const [critical, other] = [[...criticalOptions.keys()], [...extensions.keys()]];
  return [
    ...(critical.length === 0
      ? []
      : [verdict("host-critical-option", `ssh refuses a host certificate with a critical option: ${listed(critical)}`)]),
    ...(other.length === 0 ? [] : [verdict("host-extension", `extensions mean nothing in a host certificate: ${listed(other)}`)]),
  ];
}

function userOptions({ publicKey, criticalOptions, extensions, options }: Certificate): Verdict[] {
  const unknown = [...criticalOptions.keys()].filter((name) => formOf("critical option", name) === undefined);
  const foreign = [...extensions.keys()].filter((name) => formOf("extension", name) === undefined);
  // a restriction counts as a critical option only
  const ignored = foreign.filter((name) => formOf("critical option", name) !== undefined);
  const others = foreign.filter((name) => !ignored.includes(name));
  const [command, source] = [criticalOptions.get("force-command"), criticalOptions.get("source-address")];
  // auth_cert_options: "multiple force-command options"; a flag may come twice
  const twice = ["force-command", "source-address"].filter(
    (name) => options.critical.filter((option) => option.name === name).length > 1,
  );
  return [
    ...unknown.map((name) =>
      verdict("unknown-critical-option", `sshd does not know the critical option ${name}, so it refuses it`),
    ),
    ...twice.map((name) =>
      verdict("duplicate-option", `the critical option ${name} is there more than once, so sshd refuses it`),
    ),
    ...ignored.map((name) =>
      verdict("restriction-ignored", `${name} is there as an extension, so OpenSSH ignores it: it restricts nothing`),
    ),
    ...(source === undefined ? [] : [sourceAddress(source)]),
    ...(command === undefined
      ? terminal(extensions)
      : [verdict("force-command", `whatever is asked for, only this runs: ${command}`)]),
    ...(criticalOptions.has("verify-required") ? [verifyRequired(publicKey.kind.endsWith("-SK"))] : []),
    ...(others.length === 0
      ? []
      : [verdict("other-extension", `OpenSSH ignores it, other servers may know it: ${listed(others)}`)]),
  ];
}

/** sshd looks at it for keys on tokens only. */
const verifyRequired = (onToken: boolean) =>
  verdict(
    "verify-required",
    onToken
      ? "each login needs the token's PIN or the person's fingerprint"
      : "verify-required has no effect: the key is not on a FIDO2 token",
  );

function sourceAddress(list: string): Verdict {
  if (!isAddressList(list)) {
    return verdict("malformed-source-address", `source-address is no list of addresses, so sshd refuses it: ${list}`);
  }
  const everywhere = list.split(",").some((network) => /\/0+$/.test(network));
  if (everywhere) return verdict("source-address-anywhere", `source-address allows every address: ${list}`);
  return verdict("source-address", `accepted only from ${list}`);
}

const terminal = (extensions: ReadonlyMap<string, string>) =>
  extensions.has("permit-pty")
    ? []
    : [verdict("no-terminal", "it does not permit a terminal: commands and file transfers work, a shell has no prompt")];
