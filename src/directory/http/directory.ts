/** What the routes of the directory stand on. */
import type { Context } from "hono";
import type { Fleet, OidcMethod, ExistingMethod } from "../../fleet/fleet.js";
import type { VaultSettings } from "../../settings/vault.js";
import type { Histories } from "../views/history.js";
import type { Rows } from "../views/rows.js";
import type { Watch } from "../watch/watch.js";
import type { Metrics } from "./metrics.js";
import type { Person, Readers } from "./readers.js";
import type { Sessions } from "./sessions.js";

export interface Directory {
  /** As people reach it, such as "https://directory.example.org". */
  readonly address: string;
  /** Vault, without the directory's token. */
  readonly vault: VaultSettings;
  readonly watch: Watch;
  readonly rows: () => Rows;
  readonly histories: Histories;
  readonly readers: Readers;
  /** Counts a token of Vault that is looked up. @throws DIRECTORY_BUSY, DIRECTORY_SIGN_INS */
  readonly countLookup: (c: DirectoryContext) => Promise<void>;
  readonly sessions: Sessions;
  readonly metrics: Metrics;
  /** Whether it is about to end. */
  readonly isDraining: () => boolean;
  /** Is told of a fault of the directory's own. */
  readonly fault: (error: unknown) => void;
}

export interface Variables {
  /** The address of whoever asks; where a proxy does not say it, "behind" and the proxy's: for counting only. */
  readonly client: string;
  /** Whether that is in a network that the directory is open to. */
  readonly isOpen: boolean;
  /** Undefined: nobody is signed in. */
  readonly person: Person | undefined;
}

export interface Env {
  readonly Variables: { -readonly [K in keyof Variables]: Variables[K] };
}
export type DirectoryContext = Context<Env>;

/** The provider that a browser signs in with; undefined: the fleet has none. */
export const providerOf = ({ signIn }: Pick<Fleet, "signIn">): OidcMethod | ExistingMethod | undefined =>
  signIn.find((each): each is OidcMethod | ExistingMethod => each.method === "oidc");
