import type { FormatOption } from "../../../terminal/options.js";
import type { PrintedPolicy } from "./print-policy.js";

export interface ApplyOptions extends FormatOption {
  readonly file: string;
  readonly plan?: true;
  readonly yes?: true;
  readonly adopt?: true;
  readonly vault?: string;
  readonly oidcSecretFile?: string;
  readonly ldapPasswordFile?: string;
  readonly synth?: string;
  readonly withoutTerraform?: true;
  readonly printPolicy?: PrintedPolicy;
}
