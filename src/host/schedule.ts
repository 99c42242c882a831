/**
 * When a host does what: the arithmetic that ssh-trust-host.sh does too, and is held to. Seconds of Unix time, whole numbers.
 */

/** Of a certificate: its validity, and the serial number, which Vault draws at random. */
export interface Validity {
  readonly from: number;
  readonly to: number;
  readonly serial: bigint;
}

/**
 * When a certificate is to be renewed: after `renewAt` percent of its life, or up to a quarter of that sooner. Hosts that booted
 * together do not renew together; one host finds the same time whenever it looks.
 */
export function dueAt({ from, to, serial }: Validity, renewAt: number): number {
  const last = String(serial).slice(-3);
  const part = 1000 - Math.floor((Number(`1${last}`) % 1000) / 4);
  return from + Math.floor((Math.floor(((to - from) * renewAt) / 100) * part) / 1000);
}

/**
 * How long the longest pause is after so many tries that failed: twice as long each time, and never longer than `most`. A pause
 * itself is one of 1 to that many seconds, each as likely (full jitter).
 */
export function longestPause(failures: number, most: number): number {
  return Math.min(2 ** failures, Math.max(most, 1));
}
