/** A private CA and certificates by it, made with openssl as companies make them. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run, succeeds } from "./project.js";

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Makes `ca.pem` and `ca-key.pem` in the folder. */
export async function makeCa(folder: string): Promise<void> {
  const subject = ["-x509", ...ec, "-days", "2", "-subj", "/CN=A company"];
  await succeeds(run("openssl", ["req", ...subject, "-keyout", join(folder, "ca-key.pem"), "-out", join(folder, "ca.pem")]));
}

/**
 * Makes `<file>.pem` and `<file>-key.pem` by the CA in the folder.
 * @param names such as "DNS:localhost,IP:127.0.0.1"
 * @param days how long it is valid; less than 0: it has expired
 */
export async function certify(folder: string, file: string, names: string, days = 2): Promise<void> {
  const at = (ending: string) => join(folder, `${file}${ending}`);
  await writeFile(at(".ext"), `subjectAltName=${names}\n`);
  await succeeds(run("openssl", ["req", "-new", ...ec, "-keyout", at("-key.pem"), "-subj", `/CN=${file}`, "-out", at(".csr")]));
  const by = ["-CA", join(folder, "ca.pem"), "-CAkey", join(folder, "ca-key.pem"), "-CAcreateserial", "-days", String(days)];
  await succeeds(run("openssl", ["x509", "-req", "-in", at(".csr"), ...by, "-extfile", at(".ext"), "-out", at(".pem")]));
  await chmod(at("-key.pem"), 0o644); // a server in a container may be another user
}
