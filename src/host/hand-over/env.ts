/** A host's settings and its identity as one file of `NAME=value` lines, for tools that put them in place themselves. */
import { settingLines } from "../settings.js";
import type { Handed } from "./files.js";

/** What is not in host.conf stands below it: the identity, and Vault's CAs, as they are lines there. */
export const envText = ({ settings, identity, caCert }: Handed): string =>
  settingLines({
    ...settings,
    ...Object.fromEntries(identity.map(({ setting, value }) => [setting, value])),
    ...(caCert === undefined ? {} : { SSH_TRUST_VAULT_CA_BASE64: Buffer.from(caCert).toString("base64") }),
  });
