/**
 * What a client says of the session that it uses an agent for: "session-bind@openssh.com" in OpenSSH's PROTOCOL.agent, since 8.9. It comes
 * before anything else on a connection: https://www.openssh.org/agent-restrict.html.
 */
import { certificateTypes } from "../key-types.js";
import { readCertificateBlob, type Certificate } from "../certificate.js";
import { readKeyBlob, type SshKey } from "../public-key.js";
import { isSignedBy } from "../verify-signature.js";
import { WireReader, type Refuse } from "../wire.js";

export const sessionBindName = "session-bind@openssh.com";

export interface SessionBind {
  /** The host's key as it proved itself: where it has one, its certificate. In its wire form. */
  readonly hostKey: Buffer;
  /** The plain key, with which the host signs. */
  readonly key: SshKey;
  /** Undefined where the host showed a plain key. Nothing of it is verified here. */
  readonly certificate: Certificate | undefined;
  /** The hash of the first key exchange. */
  readonly sessionId: Buffer;
  /** Whether that host now has the use of the agent. */
  readonly forwarded: boolean;
}

/** SHA-512 gives the longest. */
const longestSessionId = 64;

/**
 * Reads what follows the extension's name, and verifies the host's signature over the session id.
 * @throws what refuse makes
 */
export function readSessionBind(contents: Buffer, refuse: Refuse): SessionBind {
  const reader = new WireReader(contents, refuse);
  const hostKey = reader.string("host's key");
  const sessionId = reader.string("session id");
  const signature = reader.string("host's signature");
  const forwarded = reader.uint8("flag for forwarding") !== 0;
  reader.end("session-bind message");
  if (sessionId.length === 0 || sessionId.length > longestSessionId) throw refuse("the session id has a wrong length");
  const type = new WireReader(hostKey, refuse).text("type of the host's key");
  const certificate = certificateTypes.has(type) ? readCertificateBlob(hostKey, refuse) : undefined;
  const key = certificate?.publicKey ?? readKeyBlob(hostKey, refuse);
  if (!isSignedBy(key, signature, sessionId)) throw refuse("the host's signature over the session id is wrong");
  return { hostKey, key, certificate, sessionId, forwarded };
}
