/** The reasons of sshkey_cert_check_authority, in plain words. */
export function meaningOf(reason: string): string {
  const words: readonly [part: string, meaning: string][] = [
    ["not yet valid", "it is not valid yet"],
    ["expired", "it has expired"],
    ["not a listed principal", "the host's name is not among those that it is for"],
    ["not a host certificate", "it is a user certificate, not a host's"],
    ["lacks principal list", "it names no host"],
    ["disallowed algorithm", "its signature is of a kind that is not accepted"],
    ["critical option", "it has a critical option, which no host certificate may have"],
  ];
  return words.find(([part]) => reason.includes(part))?.[1] ?? reason;
}
