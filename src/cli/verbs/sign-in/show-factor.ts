/** Shows the second factor at the terminal, and nowhere else: standard output and error may end in a log. */
import { renderUnicodeCompact } from "uqr";
import { fail } from "../../../errors/catalogue.js";
import { verb } from "../../../errors/hint.js";
import { atTty } from "../../../terminal/tty.js";

/** Whatever the terminal's colours are: not every app reads light on dark. */
const whiteOnBlack = (line: string) => `\x1b[97;40m${line}\x1b[0m`;

/** @throws SIGN_IN_NOT_ASKED where there is no terminal */
export async function showFactor(otpauth: string): Promise<void> {
  const key = new URL(otpauth).searchParams.get("secret") ?? "";
  const shown = await atTty((tty) => {
    tty.tell(
      [
        "",
        ...renderUnicodeCompact(otpauth, { border: 2 }).split("\n").map(whiteOnBlack),
        "",
        "Scan this with an authenticator app, such as Aegis, 1Password or Google",
        "Authenticator. Without a camera, type the key or paste the address:",
        "",
        `  ${otpauth}`,
        ...(key === "" ? [] : ["", `  key: ${key.replace(/(.{4})(?=.)/g, "$1 ")}`]),
        "",
        "It is shown once. It is as secret as your password.",
        "",
      ].join("\n"),
    );
    return Promise.resolve(true);
  });
  if (shown !== undefined) return;
  const how = {
    say: "have it written to a file",
    run: verb("login --invitation <file> --password-file <file> --factor-out <file>"),
  };
  throw fail("SIGN_IN_NOT_ASKED", { what: "the second factor's code", why: "there is no terminal to show the factor at", how });
}
