/** What somebody signs in with: from files, or asked for at the terminal. */
import { fail } from "../../errors/catalogue.js";
import { verb } from "../../errors/hint.js";
import { printable } from "../../ground/printable.js";
import { passwordAsSent, userName, type Credentials } from "../../people/sign-in/methods.js";
import type { CodeQuestion } from "../../people/sign-in/sign-in.js";
import type { Where } from "../../people/sign-in/where.js";
import { talk } from "../../terminal/report.js";
import { atTty, hasTty } from "../../terminal/tty.js";
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
      tty.line(`user at ${printable(address)}: `),
    ));
  const user = userName(given);
  if (user === undefined) throw fail("SIGN_IN_USER_INVALID", { user: printable(given) });
  return user;
}

async function passwordFor(user: string, address: string, file: string | undefined): Promise<string> {
  if (file !== undefined) return passwordAsSent(await readSecret(file));
  return passwordAsSent(
    await asked("the password", "--user <name> --password-file <file> --code-file <file>", async (tty) => {
      for (;;) {
        const typed = await tty.hidden(`password of ${printable(user)} at ${printable(address)}: `);
        if (typed === undefined || (typed !== "" && !/\p{Cc}/u.test(typed))) return typed;
        tty.tell(
          typed === "" ? "nothing was typed" : "there is a line break or a control character in it: type it, or paste it alone",
        );
      }
    }),
  );
}

/** From a file once; at the terminal as often as it takes. */
export function codeAsker({ codeFile }: LoginOptions): {
  readonly askCode: (question: CodeQuestion) => Promise<string>;
  readonly tries: number;
} {
  if (codeFile !== undefined) return { askCode: () => readSecret(codeFile).then(plain), tries: 1 };
  return {
    tries: 3,
    askCode: ({ type, problem }) =>
      asked("the code of the second factor", "--code-file <file>", async (tty) => {
        if (problem !== undefined) tty.tell(problem);
        return plain((await tty.line(type === "totp" ? "code of the authenticator app: " : `code (${printable(type)}): `)) ?? "");
      }),
  };
}

export const confirmElsewhere = (type: string): void => {
  talk(`Vault waits for you to confirm this sign-in (${printable(type)})`);
};

/** Apps show a code with a blank in the middle. */
const plain = (code: string) => code.replaceAll(/\s/g, "");

/** @throws SIGN_IN_NOT_ASKED where nobody can be asked, or does not answer */
export async function asked(what: string, option: string, ask: Parameters<typeof atTty<string | undefined>>[0]): Promise<string> {
  const answer = await atTty(ask);
  if (answer !== undefined && answer !== "") return answer;
  const why = hasTty() ? "nothing was answered" : "there is no terminal to ask at";
  throw fail("SIGN_IN_NOT_ASKED", { what, why, how: { say: "add it to the command", run: verb(`login ${option}`) } });
}
