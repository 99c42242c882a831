/** A host's settings and its identity as one file of `NAME=value` lines, for tools that put them in place themselves. */
import { isSetting, settingLines } from "../settings.js";
import { fail } from "../../errors/catalogue.js";
import { settingsText, untilOf, type Handed } from "./files.js";

/** What is not in host.conf stands below it: the identity, and Vault's CAs, as they are lines there. */
export function envText(handed: Handed): string {
  const { host, caCert } = handed;
  const identity = {
    SSH_TRUST_ROLE_ID: host.roleId,
    SSH_TRUST_WRAPPED: host.wrapped.token,
    SSH_TRUST_WRAPPED_UNTIL: untilOf(host),
    ...(caCert === undefined ? {} : { SSH_TRUST_VAULT_CA_BASE64: Buffer.from(caCert).toString("base64") }),
  };
  for (const [name, value] of Object.entries(identity))
    if (!isSetting(value))
      throw fail("VAULT_ANSWER_UNEXPECTED", { path: host.wrapped.path, what: `${name} cannot be made from it` });
  return `${settingsText(handed)}${settingLines(identity)}`;
}
