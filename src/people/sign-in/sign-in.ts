/** Signing in: what somebody knows first, then the second factor where Vault wants one. */
import { fail, isFailure } from "../../errors/catalogue.js";
import type { Auth, FactorMethod, Refused, SecondFactor, SignInAnswer, SignInApi } from "../../vault/sign-in.js";
import { requestOf, type Credentials } from "./methods.js";
import { whyCodeRefused, whyRefused } from "./refusals.js";

export interface CodeQuestion {
  /** Such as "totp". */
  readonly type: string;
  /** Why the code before was not taken; undefined at the first question. */
  readonly problem: string | undefined;
}

export interface SignInOptions {
  /** Asks for a code. @throws what ends the sign-in, such as where nobody can be asked */
  readonly askCode: (question: CodeQuestion) => Promise<string>;
  /** How often a code may be wrong. Vault locks the second factor for a while after five. */
  readonly tries: number;
  /** Told before Vault waits for somebody to confirm elsewhere, such as on a phone. */
  readonly confirmElsewhere?: (type: string) => void;
  readonly now?: () => Date;
}

/**
 * Signs in. The password stays good while codes are tried: nobody types it again for a mistyped code.
 * @throws SIGN_IN_REFUSED, SIGN_IN_LOCKED, SIGN_IN_METHOD_MISSING, SIGN_IN_ROBOT_REFUSED, SIGN_IN_CODE_REFUSED, SIGN_IN_CODES_LOCKED,
 *   SIGN_IN_FACTOR_REFUSED, VAULT_…; what `askCode` throws
 */
export async function signIn(api: SignInApi, credentials: Credentials, options: SignInOptions): Promise<Auth> {
  const { path, body } = requestOf(credentials);
  return proved(
    api,
    () => api.begin(path, body),
    options,
    (refused) => whyRefused(api, credentials, refused),
  );
}

/** @param begin begins anew for each try, as what was begun is good for one; it is told why the code before was not taken */
export async function proved(
  api: SignInApi,
  begin: (problem?: string) => Promise<SignInAnswer>,
  { askCode, tries, confirmElsewhere, now = () => new Date() }: SignInOptions,
  explain: (refused: Refused) => Promise<Error>,
): Promise<Auth> {
  let problem: string | undefined;
  let first = await begin();
  for (let attempt = 1; ; attempt++) {
    if (first.kind === "refused") throw await explain(first);
    if (first.kind === "token") return first.auth;
    const codes = await codesFor(first.factor, problem, askCode, confirmElsewhere);
    const second = await api.prove(first.factor, codes);
    if (second.kind === "token") return second.auth;
    if (second.kind === "second-factor") throw fail("SIGN_IN_FACTOR_REFUSED", { reason: "it asks for another one" });
    const refusal = whyCodeRefused(second, now());
    if (!isFailure(refusal, "SIGN_IN_CODE_REFUSED") || attempt >= tries) throw refusal;
    problem = refusal.message;
    first = await begin(problem);
  }
}

async function codesFor(
  { wanted }: SecondFactor,
  problem: string | undefined,
  askCode: SignInOptions["askCode"],
  confirmElsewhere: SignInOptions["confirmElsewhere"],
): Promise<Record<string, readonly string[]>> {
  const codes: Record<string, readonly string[]> = {};
  for (const methods of wanted) {
    const chosen = preferred(methods);
    if (chosen === undefined || codes[chosen.id] !== undefined) continue;
    if (chosen.usesCode) codes[chosen.id] = [await askCode({ type: chosen.type, problem })];
    else {
      confirmElsewhere?.(chosen.type);
      codes[chosen.id] = [];
    }
  }
  return codes;
}

/** A code from an authenticator app where that is one of them. */
const preferred = (methods: readonly FactorMethod[]): FactorMethod | undefined =>
  methods.find(({ type }) => type === "totp") ?? methods[0];
