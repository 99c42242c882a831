/**
 * An invitation: what somebody gets who is to sign in for the first time. It is a text of one JSON object, and is good once: what it opens
 * stays with Vault until then.
 */
import * as z from "zod";
import { fail } from "../errors/catalogue.js";
import { problemOfName } from "../fleet/names.js";
import { problemOfAddress, problemOfMount, problemOfNamespace } from "../fleet/texts.js";
import { certificatesIn } from "../ground/certificates-in.js";
import { isHostName } from "../ground/host-name.js";
import { printable } from "../ground/printable.js";
import { headerValue } from "../settings/reader.js";

export interface Invitation {
  /** Vault's address, as people reach it; no slash at the end. */
  readonly vault: string;
  readonly namespace: string | undefined;
  /** Where the person signs in, below auth/: our userpass mount. */
  readonly mount: string;
  readonly user: string;
  /** When it can no longer be opened, by Vault's clock. */
  readonly until: Date;
  /** A secret: it opens the `InvitationSecrets`, once. It was wrapped at `wrappedAt`. */
  readonly token: string;
  /** Certificates of the CAs that sign Vault's, in PEM, each with a line break at its end; none: the system knows its CA. */
  readonly ca: readonly string[];
  /** The name in Vault's certificate, where that is not the address's. */
  readonly serverName: string | undefined;
}

/** What Vault says of where an invitation's token was made: `sys/wrapping/lookup` tells it before the token is used. */
export const wrappedAt = "sys/wrapping/wrap";
/** The same of the token in `factor`. */
export const factorMadeAt = "identity/mfa/method/totp/admin-generate";

/** What `sys/wrapping/unwrap` answers for an invitation's token, as `data`. */
export const invitationSecrets = z.object({
  user: z.string(),
  /** Good until the person chooses one. */
  password: z.string().min(1),
  /** A wrapping token: it opens the second factor, once, whose `url` is what an authenticator app reads. */
  factor: headerValue,
});
export type InvitationSecrets = z.infer<typeof invitationSecrets>;

/** Its version. A later one may have other keys, which this one must not pass over. */
const schema = 1;
/** More than any invitation has, in characters: some have all the CAs that a system trusts. */
const most = 1024 * 1024;

/** As the fleet file is held to. @param problemOf such as "is empty" */
const checked = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== undefined) context.addIssue({ code: "custom", message: `it ${problem}` });
  });
const pem = z.string().refine((text) => text !== "" && certificatesIn(text) === text, "it is not a certificate in PEM form");

const file = z.strictObject({
  "ssh-trust-invitation": z.literal(schema),
  vault: checked(problemOfAddress).transform((text) => text.replace(/\/+$/, "")),
  namespace: checked(problemOfNamespace).nullable(),
  mount: checked(problemOfMount),
  user: checked(problemOfName),
  until: z.iso.datetime().pipe(z.coerce.date()),
  token: headerValue,
  ca: z.array(pem).max(1000).optional(),
  "server-name": z.string().refine(isHostName, "it is not a host's name").optional(),
});

/** As it is written to a file, or sent. */
export function invitationText({ vault, namespace, mount, user, until, token, ca, serverName }: Invitation): string {
  const given: z.input<typeof file> = {
    "ssh-trust-invitation": schema,
    vault,
    namespace: namespace ?? null,
    mount,
    user,
    until: until.toISOString(),
    token,
    ...(ca.length === 0 ? {} : { ca: [...ca] }),
    ...(serverName === undefined ? {} : { "server-name": serverName }),
  };
  return `${JSON.stringify(given, null, 2)}\n`;
}

/** @param text a stranger's, perhaps: nothing of it is shown but what is checked. @throws INVITATION_INVALID */
export function readInvitation(text: string): Invitation {
  const parsed = file.safeParse(valueOf(text));
  if (!parsed.success) throw invalid(problemOf(valueOf(text), parsed.error));
  const { vault, namespace, mount, user, until, token, ca = [], "server-name": serverName } = parsed.data;
  return { vault, namespace: namespace ?? undefined, mount, user, until, token, ca, serverName };
}

const invalid = (problem: string) => fail("INVITATION_INVALID", { problem });

function valueOf(text: string): unknown {
  if (text.length > most) throw invalid("it is too long");
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("it is not JSON, or not the whole of it");
  }
}

function problemOf(value: unknown, error: z.ZodError): string {
  const version = (value as { readonly "ssh-trust-invitation"?: unknown } | null)?.["ssh-trust-invitation"];
  if (version === undefined) return 'it has no "ssh-trust-invitation"';
  if (version !== schema)
    return typeof version === "number"
      ? `it is of version ${String(version)}, and this ssh-trust reads version ${String(schema)}`
      : 'its "ssh-trust-invitation" is not a version';
  const [issue] = error.issues;
  return printable(
    issue === undefined ? "it is not valid" : `${issue.path.map(String).join(".")}: ${issue.message}`.replace(/^: /, ""),
  );
}
