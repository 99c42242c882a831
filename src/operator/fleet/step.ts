/** Something that apply does by Vault's API, beside what Terraform does. */
export interface Step {
  /** What it makes or writes, in words: "the host CA's key". */
  readonly what: string;
  readonly take: () => Promise<void>;
}
