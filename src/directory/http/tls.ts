/** The certificate that the directory shows, read anew when its files change. */
import { X509Certificate, createPrivateKey } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { fail, isFailure, reasonOf, type SshTrustError } from "../../errors/catalogue.js";

export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface TlsFiles {
  /** The certificate, and those of its intermediate CAs; PEM. */
  readonly cert: string;
  readonly key: string;
}

export const minVersion = "TLSv1.2";

/** @throws DIRECTORY_TLS_FILE where one cannot be read, TLS refuses one, or they are not of one another */
export async function readPair(files: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([textOf(files.cert), textOf(files.key)]);
  const certificate = attempt(files.cert, "holds no certificate in PEM form", () => new X509Certificate(cert));
  const privateKey = attempt(files.key, "holds no private key in PEM form", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw fail("DIRECTORY_TLS_FILE", { file: files.key, problem: `is not the key of the certificate in ${files.cert}` });
  // OpenSSL leaves out what has no whole first line, and readers without the intermediate certificate refuse the chain.
  if (count(cert, /-----BEGIN/g) !== count(cert, /-----END [A-Z\d ]+-----/g))
    throw fail("DIRECTORY_TLS_FILE", { file: files.cert, problem: "has a certificate that is cut off" });
  // The intermediate certificates, and whether the keys are large enough.
  attempt(files.cert, "cannot be used", () => createSecureContext({ cert, key, minVersion }));
  return { cert, key };
}

const count = (text: string, part: RegExp): number => text.match(part)?.length ?? 0;

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw fail("DIRECTORY_TLS_FILE", { file, problem: `cannot be read: ${reasonOf(error)}` }, error);
  }
}

function attempt<T>(file: string, problem: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw fail("DIRECTORY_TLS_FILE", { file, problem: `${problem}: ${reasonOf(error)}` }, error);
  }
}

export interface PairEvents {
  readonly changed: (pair: TlsPair) => void;
  /** The pair of before stays in use; it is told once for each change of the files. */
  readonly refused: (error: SshTrustError) => void;
}

const often = 2000;

/** Looks at the files until the signal ends it; one of them may be a link that is changed as a whole. */
export function watchPair(files: TlsFiles, { changed, refused }: PairEvents, signal: AbortSignal): void {
  const stampOf = async () => {
    const both = await Promise.all(
      [files.cert, files.key].map((file) =>
        stat(file).then((found) => `${String(found.ino)} ${String(found.mtimeMs)} ${String(found.size)}`),
      ),
    );
    return both.join("; ");
  };
  let known: string | undefined;
  const timer = setInterval(() => {
    void (async () => {
      const stamp = await stampOf().catch(() => "");
      if (known !== undefined && stamp !== known) {
        try {
          changed(await readPair(files));
        } catch (error) {
          // Nothing that a file holds may end the service.
          const problem = () => `cannot be used: ${reasonOf(error)}`;
          refused(isFailure(error) ? error : fail("DIRECTORY_TLS_FILE", { file: files.cert, problem: problem() }, error));
        }
      }
      known = stamp;
    })();
  }, often).unref();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
  });
  void stampOf().then((stamp) => {
    known = stamp;
  });
}
