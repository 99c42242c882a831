/** What a person, or a robot, may say of where and how they sign in. */
import { Option, type Command } from "commander";
import { methodNames, type MethodName } from "../../people/sign-in/methods.js";

/** Where the server is from, where the command line does not name it. */
export const usualServer = "VAULT_ADDR, else your operator's client file, else where you signed in last";

/** Which server, and which way. */
export interface PlaceOptions {
  readonly vault?: string;
  readonly method?: MethodName;
  readonly mount?: string;
  readonly role?: string;
}

/** What robots give along, as nobody can be asked: for the verbs that sign in by the way. */
export interface SignInOptions extends PlaceOptions {
  readonly jwtFile?: string;
  readonly roleId?: string;
  readonly secretIdFile?: string;
}

/** What `login` takes beside. */
export interface LoginOptions extends SignInOptions {
  readonly user?: string;
  readonly passwordFile?: string;
  readonly codeFile?: string;
  readonly tokenFile?: string;
  readonly browser?: boolean;
  readonly tokenHelper?: true;
}

const withPlace = (declared: Command): Command =>
  declared
    .option("--vault <address>", `Vault's address; default: ${usualServer}`)
    .addOption(
      new Option(
        "--method <method>",
        "how to sign in; default: as the client file says, else as last time, else userpass",
      ).choices([...methodNames]),
    )
    .option("--mount <path>", "where that method is mounted, below auth/")
    .option("--role <name>", "the role of oidc or jwt (default: ssh-trust)");

/** For a verb that needs somebody to be signed in. */
export const withSignIn = (declared: Command): Command =>
  withPlace(declared)
    .option("--jwt-file <file>", "a robot's token, for this command only; - for standard input (or SSH_TRUST_JWT)")
    .option("--role-id <id>", "the role id of a robot's AppRole, for this command only")
    .option("--secret-id-file <file>", "its secret id; - for standard input");

export const withLogin = (declared: Command): Command =>
  withPlace(declared)
    .option("--user <name>", "who signs in with userpass or ldap")
    .option("--password-file <file>", "the password, instead of asking for it; - for standard input")
    .option("--code-file <file>", "the code of the second factor, instead of asking for it; - for standard input")
    .option("--no-browser", "with oidc: print the sign-in address, then paste the last address that the browser shows")
    .option("--jwt-file <file>", "a robot's token; - for standard input (or SSH_TRUST_JWT)")
    .option("--role-id <id>", "a robot's AppRole")
    .option("--secret-id-file <file>", "its secret id; - for standard input")
    .option("--token-file <file>", "a token of Vault, for --method token; - for standard input")
    .option("--token-helper", "store the token as the vault command does (~/.vault-token)");
