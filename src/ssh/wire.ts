import type { KeyForm } from "./key-forms.js";

/**
 * Makes the error to throw for data that is not what it should be.
 * @param problem says why, in one clause
 * @param form what it is instead, where that is known
 */
export type Refuse = (problem: string, form?: KeyForm) => Error;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the data types of RFC 4251, section 5, one after the other.
 *
 * Each method takes the name of the field it reads, for the error: "the serial is cut off".
 */
export class WireReader {
  readonly #data: Buffer;
  readonly #refuse: Refuse;
  #offset = 0;

  constructor(data: Buffer, refuse: Refuse) {
    this.#data = data;
    this.#refuse = refuse;
  }

  /** How many bytes have been read. */
  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset === this.#data.length;
  }

  uint8(field: string): number {
    return this.#take(1, field).readUInt8();
  }

  uint32(field: string): number {
    return this.#take(4, field).readUInt32BE();
  }

  uint64(field: string): bigint {
    return this.#take(8, field).readBigUInt64BE();
  }

  /** A string of any bytes; they are not copied. */
  string(field: string): Buffer {
    return this.#take(this.uint32(field), field);
  }

  /** A string that people or programs read as text. A zero byte would end it early for OpenSSH, so there must be none. */
  text(field: string): string {
    const bytes = this.string(field);
    if (bytes.includes(0)) throw this.#refuse(`the ${field} holds a zero byte`);
    try {
      return utf8.decode(bytes);
    } catch {
      throw this.#refuse(`the ${field} is not UTF-8`);
    }
  }

  /** A positive number of any size: its bytes, the highest first, without the leading zero of the wire form. */
  mpint(field: string): Buffer {
    const bytes = this.string(field);
    const [first, second] = bytes;
    if (first === undefined) throw this.#refuse(`the ${field} is zero`);
    if (first >= 0x80) throw this.#refuse(`the ${field} is negative`);
    if (first > 0) return bytes;
    if (second === undefined || second < 0x80) throw this.#refuse(`the ${field} has needless zeros in front`);
    return bytes.subarray(1);
  }

  /** Says that nothing may follow. */
  end(whole: string): void {
    if (!this.atEnd) throw this.#refuse(`${String(this.#data.length - this.#offset)} bytes follow the end of the ${whole}`);
  }

  #take(length: number, field: string): Buffer {
    const end = this.#offset + length;
    if (end > this.#data.length) throw this.#refuse(`the ${field} is cut off`);
    const bytes = this.#data.subarray(this.#offset, end);
    this.#offset = end;
    return bytes;
  }
}

/** Bytes or text as RFC 4251's `string`: the length in four bytes, then the content. */
export function wireString(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
