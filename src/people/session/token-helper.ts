/**
 * Where the vault command keeps its token: ~/.vault-token, or what a token helper that `~/.vault` names does with it.
 * https://developer.hashicorp.com/vault/docs/commands/token-helper
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fail, reasonOf } from "../../errors/catalogue.js";
import { writeFileAtomically } from "../../ground/atomic-file.js";
import { isThere } from "../../ground/new-file.js";

export interface TokenHelper {
  /** For a message: "~/.vault-token", or the helper's path. */
  readonly name: string;
  get(): Promise<string | undefined>;
  store(token: string): Promise<void>;
  erase(): Promise<void>;
}

export interface HelperOptions {
  readonly home: string;
  /** VAULT_CONFIG_PATH; ~/.vault where it is left out. */
  readonly config?: string | undefined;
  /** VAULT_ADDR, for the helper. */
  readonly address: string;
}

/** @throws TOKEN_HELPER_FAILED by its functions */
export async function tokenHelper({ home, config, address }: HelperOptions): Promise<TokenHelper> {
  const named = helperIn(await readFile(config ?? join(home, ".vault"), "utf8").catch(() => ""));
  return named === undefined ? inFile(join(home, ".vault-token")) : byProgram(named, address);
}

/** HCL: `token_helper = "/path/to/it"`; a comment is no setting. */
const helperIn = (text: string): string | undefined => /^[ \t]*"?token_helper"?[ \t]*=[ \t]*"([^"\n]+)"/m.exec(text)?.[1];

const inFile = (file: string): TokenHelper => ({
  name: "~/.vault-token",
  async get() {
    const text = (await isThere(file)) ? (await readFile(file, "utf8")).trim() : "";
    return text === "" ? undefined : text;
  },
  store: (token) => writeFileAtomically(file, token, 0o600),
  erase: () => rm(file, { force: true }),
});

/** The token goes in and out by its standard input and output; never as an argument. */
function byProgram(program: string, address: string): TokenHelper {
  const call = async (what: "get" | "store" | "erase", input = "") => {
    try {
      return (await execa(program, [what], { input, env: { VAULT_ADDR: address }, timeout: 10_000 })).stdout.trim();
    } catch (error) {
      const { shortMessage } = error as { readonly shortMessage?: string };
      throw fail("TOKEN_HELPER_FAILED", { program, what, reason: shortMessage?.split("\n")[0] ?? reasonOf(error) });
    }
  };
  return {
    name: program,
    get: async () => {
      const found = await call("get");
      return found === "" ? undefined : found;
    },
    store: async (token) => {
      await call("store", token);
    },
    erase: async () => {
      await call("erase");
    },
  };
}
