/**
 * The certificates of a PEM file, and nothing else that is in it: no key, no text. "" where there is none.
 * RFC 7468; what stands between the lines is base64.
 */
export function certificatesIn(pem: string): string {
  const found = pem.match(/-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----/g) ?? [];
  return found.map((each) => `${each.replaceAll("\r", "")}\n`).join("");
}
