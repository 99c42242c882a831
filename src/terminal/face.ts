/** How one of the faces speaks: `ssh-trust` itself, or whoever is built on the toolkit. */
import type { SshTrustError } from "../errors/catalogue.js";
import type { Hint } from "../errors/hint.js";

export interface Face {
  /** What a person types to call `ssh-trust` here. */
  readonly program: string;
  /** The folder of this package's docs, as it is seen from here; "docs" where it is left out. */
  readonly docs?: string;
  /** What helps here; the error's own hint where it is left out. */
  readonly hintFor?: (error: SshTrustError) => Hint | Promise<Hint>;
}
