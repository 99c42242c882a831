/** Messages between a client and an ssh-agent: draft-ietf-sshm-ssh-agent, and OpenSSH's PROTOCOL.agent. */
import { wireString, type Refuse } from "../wire.js";

/** Section 5.1. The first byte of each message. */
export const messages = {
  failure: 5,
  success: 6,
  requestIdentities: 11,
  identitiesAnswer: 12,
  signRequest: 13,
  signResponse: 14,
  removeIdentity: 18,
  removeAllIdentities: 19,
  addIdentityConstrained: 25,
  extension: 27,
} as const;

/** Section 5.2.7: how long a key is held, in seconds; a uint32 follows. */
export const constrainLifetime = 1;

/** AGENT_MAX_LEN of OpenSSH: neither side sends a longer message. */
export const longestMessage = 256 * 1024;

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A message as it is sent: its length, its type, its contents. */
export const messageOf = (type: number, ...contents: readonly Buffer[]): Buffer =>
  wireString(Buffer.concat([Buffer.of(type), ...contents]));

export interface Message {
  readonly type: number;
  readonly contents: Buffer;
}

/** Puts messages together from the parts in which they arrive. */
export class MessageReader {
  #kept = Buffer.alloc(0);
  readonly #refuse: Refuse;

  constructor(refuse: Refuse) {
    this.#refuse = refuse;
  }

  /** Whether a part of a message is there, and its rest is not. */
  get isWaiting(): boolean {
    return this.#kept.length > 0;
  }

  /** @returns those that are whole now @throws what refuse makes, for a length that no message has */
  feed(part: Buffer): readonly Message[] {
    this.#kept = Buffer.concat([this.#kept, part]);
    const whole: Message[] = [];
    while (this.#kept.length >= 4) {
      const length = this.#kept.readUInt32BE();
      if (length === 0 || length > longestMessage) throw this.#refuse(`a message of ${String(length)} bytes`);
      if (this.#kept.length < 4 + length) break;
      whole.push({ type: this.#kept.readUInt8(4), contents: this.#kept.subarray(5, 4 + length) });
      this.#kept = this.#kept.subarray(4 + length);
    }
    return whole;
  }
}
