/** What helps where something else is than the SSH certificate that was named. */
import type { Hint } from "../errors/hint.js";
import { shellWord } from "../ground/shell-word.js";
import type { KeyForm } from "./key-forms.js";

/** "plain": a public key that nobody certified. */
export type CertificateForm = KeyForm | "plain";

const signedAgain: Hint = [{ say: "have the key signed again, and name the certificate: a file whose name ends in -cert.pub" }];

/** @param file undefined: nobody knows where it is from */
export function hintForCertificate(form: CertificateForm, file: string | undefined): Hint {
  const key = (file ?? "").replace(/(?:-cert)?\.pub$/, "");
  const [from, base] = file === undefined ? ["<file>", "<key>"] : [shellWord(file), shellWord(key)];
  const look = (name: string) => `ssh-keygen -L -f ${name}`;
  switch (form) {
    case "plain":
    case "private":
      if (file === `${key}-cert.pub`) return signedAgain;
      return [{ say: "name the key's certificate, which is usually beside it", run: look(`${base}-cert.pub`) }];
    case "lines":
      return [
        {
          say: "write the one that you mean to a file; the first is",
          run: `sed -n 1p ${from} > ${base}-1-cert.pub`,
        },
      ];
    case "prefixed":
      return [{ say: "write the certificate alone to a file: from its type to the end of the line" }];
    case "nothing":
      return signedAgain;
    case "putty":
    case "rfc4716":
    case "x509":
    case "x509-request":
    case "pem":
    case "pem-rsa":
    case "pem-ed25519":
    case "pem-other":
    case "pgp":
      return [
        {
          say: "name an SSH certificate: a file whose name ends in -cert.pub, and which OpenSSH can show",
          run: look("<file>-cert.pub"),
        },
      ];
    case "certificate":
    case "unusable":
    case "damaged":
      return [
        {
          say: "copy it again, as a whole and as one line, or have the key signed again; what OpenSSH says of it",
          run: look(from),
        },
      ];
  }
}
