/** A request to sign: SSH_AGENTC_SIGN_REQUEST of the agent draft, section 4.6; and what is signed where somebody logs in. */
import { WireReader, type Refuse } from "../wire.js";

export interface SignRequest {
  /** The key or certificate to sign with, in its wire form. */
  readonly key: Buffer;
  readonly data: Buffer;
  readonly flags: number;
}

/** @throws what refuse makes */
export function readSignRequest(contents: Buffer, refuse: Refuse): SignRequest {
  const reader = new WireReader(contents, refuse);
  const request = { key: reader.string("key"), data: reader.string("data to sign"), flags: reader.uint32("flags") };
  reader.end("request to sign");
  return request;
}

/** What a client signs to log in: RFC 4252, section 7. */
export interface LoginProof {
  readonly sessionId: Buffer;
  readonly user: string;
  readonly algorithm: string;
  readonly key: Buffer;
  /** The host's key, in its wire form: "publickey-hostbound-v00@openssh.com" in OpenSSH's PROTOCOL, since 8.9 on both sides. */
  readonly hostKey: Buffer | undefined;
}

const userAuthRequest = 50;
const methods: ReadonlyMap<string, "plain" | "host-bound"> = new Map([
  ["publickey", "plain"],
  ["publickey-hostbound-v00@openssh.com", "host-bound"],
]);

/** @throws what refuse makes, for anything that is not a login, such as a signature of a file (PROTOCOL.sshsig) */
export function readLoginProof(data: Buffer, refuse: Refuse): LoginProof {
  const reader = new WireReader(data, refuse);
  const sessionId = reader.string("session id");
  if (reader.uint8("message's type") !== userAuthRequest) throw refuse("it is not a login");
  const user = reader.text("user");
  if (reader.text("service") !== "ssh-connection") throw refuse("it is for another service than ssh-connection");
  const method = methods.get(reader.text("method"));
  if (method === undefined) throw refuse("it is not a login with a key");
  if (reader.uint8("flag for a signature") === 0) throw refuse("it is a question, which nobody signs");
  const algorithm = reader.text("algorithm");
  const key = reader.string("key");
  const hostKey = method === "host-bound" ? reader.string("host's key") : undefined;
  reader.end("login");
  return { sessionId, user, algorithm, key, hostKey };
}
