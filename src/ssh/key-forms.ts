/** What people name where a public key belongs, and how each becomes one. */
import type { Advice, Hint } from "../errors/hint.js";
import { shellWord } from "../ground/shell-word.js";

/** "damaged": the rest, such as a key that is cut off. */
export type KeyForm =
  | "private"
  | "putty"
  | "rfc4716"
  | "x509"
  | "x509-request"
  | "pem-ed25519"
  | "pem-rsa"
  | "pem"
  | "pem-other"
  | "pgp"
  | "certificate"
  | "prefixed"
  | "lines"
  | "unusable"
  | "nothing"
  | "damaged";

interface FileForm {
  readonly begins: RegExp;
  readonly form: KeyForm;
  readonly what: string;
}

/** By their first line, but for the key that ssh-keygen does not convert: RFC 8410, section 4. */
const fileForms: readonly FileForm[] = [
  { begins: /^$/, form: "nothing", what: "it is empty" },
  { begins: /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/, form: "private", what: "it is a private key" },
  { begins: /^PuTTY-User-Key-File-/, form: "putty", what: "it is a private key of PuTTY's" },
  { begins: /^---- BEGIN SSH2 PUBLIC KEY/, form: "rfc4716", what: "it is in the form of RFC 4716" },
  { begins: /^-----BEGIN PGP /, form: "pgp", what: "it is a PGP key, not one of SSH" },
  {
    begins: /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/,
    form: "x509",
    what: "it is a certificate of TLS (X.509), not of SSH",
  },
  {
    begins: /^-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----/,
    form: "x509-request",
    what: "it is a request for a certificate of TLS",
  },
  { begins: /^-----BEGIN PUBLIC KEY-----\s+MCowBQYDK2VwAyEA/, form: "pem-ed25519", what: "it is in PEM form (PKCS#8)" },
  { begins: /^-----BEGIN PUBLIC KEY-----/, form: "pem", what: "it is in PEM form (PKCS#8)" },
  { begins: /^-----BEGIN RSA PUBLIC KEY-----/, form: "pem-rsa", what: "it is in PEM form (PKCS#1)" },
  { begins: /^-----BEGIN /, form: "pem-other", what: "it is in PEM form, and no public key" },
];

/** @param text of the whole file, or its first line */
export function fileFormOf(text: string): FileForm | undefined {
  const block = text.slice(Math.max(0, text.search(pemBlock)));
  return fileForms.find(({ begins }) => begins.test(block));
}

/** OpenSSL writes a text before it, or the parameters of its curve. */
const pemBlock = /^-----BEGIN (?!EC PARAMETERS)/m;

/** What makes an SSH public key of it. @param file undefined: nobody knows where it is from */
export function hintForForm(form: KeyForm, file: string | undefined): Hint {
  const { from, to, private: privateKey } = namesFor(file);
  const convert = (say: string, run: string): Hint => [{ say, run: `${run} > ${to}` }];
  const fromPrivate = (say: string): Advice => ({ say, run: `ssh-keygen -y -f ${privateKey} > ${privateKey}.pub` });
  switch (form) {
    case "private":
      return convert(`${keepAndName}, write it`, `chmod 600 ${from} && ssh-keygen -y -f ${from}`);
    case "putty":
      return [{ say: `${keepAndName}, write it`, run: `puttygen ${from} -O public-openssh -o ${to}` }];
    case "rfc4716":
      return convert("convert it", `ssh-keygen -i -f ${from}`);
    case "x509":
      return fromTls(`openssl x509 -in ${from} -noout -pubkey`, to);
    case "x509-request":
      return fromTls(`openssl req -in ${from} -noout -pubkey`, to);
    case "pem":
      return convert("convert it", `ssh-keygen -i -m PKCS8 -f ${from}`);
    case "pem-rsa":
      return convert("convert it", `ssh-keygen -i -m PEM -f ${from}`);
    case "pem-ed25519":
      return convert("convert it (ssh-keygen cannot convert an Ed25519 key)", convertEd25519(from));
    case "pem-other":
      return [{ say: "name an SSH public key, such as a new one", run: newKey }];
    case "pgp":
      return [
        ...convert("if the PGP key has a subkey for authentication, export that", "gpg --export-ssh-key <key id>"),
        { say: "or generate an SSH key, and name its .pub file", run: newKey },
      ];
    case "certificate":
      return [fromPrivate("name the plain public key; where there is only the private one, write it from that")];
    case "prefixed":
      return convert("write the key alone to a file", `grep -o -E '${keyPattern}' ${from}`);
    case "lines":
      return convert("write the one that you mean to a file; the first is", `sed -n 1p ${from}`);
    case "unusable":
      return [{ say: "generate a new key, and name its .pub file", run: newKey }];
    case "nothing":
      return [fromPrivate("name a public key; where there is only the private one, write it from that")];
    case "damaged":
      return [{ say: "copy it again, as a whole and as one line" }, fromPrivate("or write it again from the private key")];
  }
}

const keepAndName = "keep it secret, and name its public key; where there is none";

const newKey = "ssh-keygen -t ed25519 -f <file>";

const keyPattern = "(ssh-(rsa|ed25519)|ecdsa-sha2-nistp[0-9]+|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/=]+";

const fromTls = (read: string, to: string): Hint => [
  { say: "name an SSH public key" },
  {
    say: "or, if you mean this one's key, write that as one",
    run: `${read} > <key>.pem && ssh-keygen -i -m PKCS8 -f <key>.pem > ${to}`,
  },
];

/** RFC 8709, section 4: the type and the 32 bytes, with which the PEM form ends. */
const convertEd25519 = (from: string): string =>
  String.raw`printf 'ssh-ed25519 %s\n' "$({ printf '\0\0\0\013ssh-ed25519\0\0\0\040'; ` +
  String.raw`openssl pkey -pubin -in ${from} -outform DER | tail -c 32; } | base64)"`;

interface Names {
  readonly from: string;
  /** Another file: a shell empties it before the command reads. */
  readonly to: string;
  readonly private: string;
}

function namesFor(file: string | undefined): Names {
  if (file === undefined) return { from: "<file>", to: "<new>.pub", private: "<file>" };
  const base = file.replace(/(?:-cert)?\.pub$/, "");
  return { from: shellWord(file), to: shellWord(file === base ? `${file}.pub` : `${base}-new.pub`), private: shellWord(base) };
}
