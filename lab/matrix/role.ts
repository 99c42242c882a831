/** The host CA of the matrix, in a mount of its own: its certificates are short, and for a name that no host of the story has. */
import type { SshRole } from "../../src/roles.js";
import type { Lab } from "../lab.js";
import { domain } from "../story.js";
import { applyRole, generateSigningKey, isApplied, isGenerated } from "../tutorial/cas.js";

export const matrixRole: SshRole = {
  mount: "matrix-ssh",
  name: "matrix-ssh",
  certificates: "host",
  // What every sshd of the matrix is called by its clients: its certificates are the same everywhere.
  principals: [`host.${domain}`],
  // Vault dates them 30 s back, so two thirds of such a certificate's life are over some 43 s after it was signed.
  ttl: 80,
  maxTtl: 3600,
  extensions: {},
};

export async function ensureMatrixCa(lab: Lab): Promise<void> {
  if (!(await isApplied(lab, matrixRole))) await applyRole(lab, matrixRole, { cas: [matrixRole] });
  if (!(await isGenerated(lab, matrixRole))) await generateSigningKey(lab, matrixRole);
}
