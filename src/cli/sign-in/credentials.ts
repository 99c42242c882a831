/** What somebody signs in with: from files, or asked for at the terminal. */
import { fail } from "../../errors/catalogue.js";
import { verb } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { shellWord } from "../../ground/shell-word.js";
import { codeAsSent, problemOfCode } from "../../people/sign-in/code.js";
import { passwordAsSent, userName, type Credentials } from "../../people/sign-in/methods.js";
import type { CodeQuestion } from "../../people/sign-in/sign-in.js";
import type { Where } from "../../people/sign-in/where.js";
import { talk } from "../../terminal/report.js";
import { atTty, hasTty, type Tty } from "../../terminal/tty.js";
import { readSecret } from "../read-secret.js";
import type { SignInApi } from "../../vault/sign-in.js";
import type { LoginOptions } from "./options.js";

/** All but oidc and tokens. @param jwt of the environment. @throws SIGN_IN_NOT_ASKED, SIGN_IN_USER_INVALID, SECRET_FILE_REFUSED, USAGE */
export async function credentialsFor(
  api: SignInApi,
  where: Where,
  options: LoginOptions,
  jwt: string | undefined,
): Promise<Credentials> {
  const { mount, role } = where;
  switch (where.method) {
    case "userpass":
    case "ldap": {
      const user = await askUser(where.user, where.settings.address);
      if (options.passwordFile === undefined && hasTty()) await api.checkReady();
      return {
        method: where.method,
        mount,
        user,
        password: await passwordFor(user, where.settings.address, options.passwordFile),
      };
    }
    case "approle": {
      if (options.roleId === undefined || options.secretIdFile === undefined)
        throw missing("--role-id and --secret-id-file", "approle signs in with both");
      return { method: "approle", mount, roleId: options.roleId, secretId: await readSecret(options.secretIdFile) };
    }
    case "jwt": {
      const token = options.jwtFile === undefined ? jwt : await readSecret(options.jwtFile);
      if (token === undefined) throw missing("--jwt-file", "jwt signs in with a token, from there or from SSH_TRUST_JWT");
      return { method: "jwt", mount, role, jwt: token };
    }
    case "oidc":
    case "token":
      throw new TypeError(`${where.method} has no credentials`); // not reached
  }
}

const missing = (option: string, why: string) =>
  fail("USAGE", { what: `${option} is missing: ${why}`, help: verb("login --help") });

async function askUser(said: string | undefined, address: string): Promise<string> {
  const given =
    said ??
    (await asked("the user's name", "--user <name> --password-file <file> --code-file <file>", (tty) =>
      fitting(
        tty,
        () => tty.line(`user at ${printable(address)}: `),
        (answer) =>
          userName(answer) === undefined ? "this is not a user's name: write the name alone, such as alice" : undefined,
      ),
    ));
  const user = userName(given);
  if (user === undefined) throw fail("SIGN_IN_USER_INVALID", { user: printable(given) });
  return user;
}

async function passwordFor(user: string, address: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return passwordAsSent(await readSecret(file));
  return passwordAsSent(
    await asked("the password", "--user <name> --password-file <file> --code-file <file>", (tty) =>
      fitting(
        tty,
        () => tty.hidden(`password of ${printable(user)} at ${printable(address)}: `),
        (typed) => {
          if (typed === "") return "nothing was typed";
          return /\p{Cc}/u.test(typed)
            ? "there is a line break or a control character in it: type it, or paste it alone"
            : undefined;
        },
      ),
    ),
  );
}

export interface CodeAsker {
  readonly askCode: (question: CodeQuestion) => Promise<string>;
  /** How often a code may be wrong. */
  readonly tries: number;
}

/**
 * From a file once; at the terminal as often as it takes. A file is looked at here, before anything is sent, and read again when Vault asks
 * for the code: signing in at a provider takes longer than a code is good for.
 * @throws SECRET_FILE_REFUSED
 */
export async function codeAskerFor({ codeFile }: LoginOptions): Promise<CodeAsker> {
  if (codeFile === undefined) return askingForCodes;
  const read = async () => codeAsSent(await readSecret(codeFile));
  const require = (code: string, type: string | undefined) => {
    const problem = problemOfCode(code, type);
    if (problem === undefined) return code;
    const how = { say: "write into it what the app shows, right before you sign in" };
    throw fail("SECRET_FILE_REFUSED", { file: shellWord(codeFile), problem, how });
  };
  const first = require(await read(), undefined);
  return { tries: 1, askCode: async ({ type }) => require(codeFile === "-" ? first : await read(), type) };
}

/** What cannot be a code is asked again, and not sent. */
export const askingForCodes: CodeAsker = {
  tries: 3,
  askCode: ({ type, problem }) =>
    asked("the code of the second factor", "--code-file <file>", async (tty) => {
      if (problem !== undefined) tty.tell(problem);
      const question = type === "totp" ? "code of the authenticator app: " : `code (${printable(type)}): `;
      return fitting(
        tty,
        async () => mapped(await tty.line(question), codeAsSent),
        (code) => problemOfCode(code, type),
      );
    }),
};

const mapped = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined =>
  value === undefined ? undefined : map(value);

/** Asks until the answer can be right. @returns undefined where the input ends instead */
export async function fitting(
  tty: Tty,
  ask: () => Promise<string | undefined>,
  problemOf: (answer: string) => string | undefined,
): Promise<string | undefined> {
  for (;;) {
    const answer = await ask();
    const problem = answer === undefined ? undefined : problemOf(answer);
    if (problem === undefined) return answer;
    tty.tell(problem);
  }
}

export const confirmElsewhere = (type: string): void => {
  talk(`Vault waits for you to confirm this sign-in (${printable(type)})`);
};

/** @throws SIGN_IN_NOT_ASKED where nobody can be asked, or does not answer */
export async function asked(what: string, option: string, ask: Parameters<typeof atTty<string | undefined>>[0]): Promise<string> {
  const answer = await atTty(ask);
  if (answer !== undefined && answer !== "") return answer;
  const why = hasTty() ? "nothing was answered" : "there is no terminal to ask at";
  throw fail("SIGN_IN_NOT_ASKED", { what, why, how: { say: "add it to the command", run: verb(`login ${option}`) } });
}
