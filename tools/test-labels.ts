/** How what tests start in Docker themselves is told from everything else there. */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A label and its value, for the containers that tests of a lab start. @param root the checkout's folder */
export const testLabel = (root: string, lab: string): string => `io.ssh-trust.test=${lab} of ${root}`;

/** Where tests of a checkout put other checkouts: the labs there are the tests' own. */
export const otherCheckouts = (root: string): string =>
  join(tmpdir(), `ssh-trust-checkout-${createHash("sha256").update(root).digest("hex").slice(0, 8)}-`);
