import { fileURLToPath } from "node:url";

/**
 * Before the tests of every project: what they start, thousands of processes, starts for less.
 * Where NODE_EXTRA_CA_CERTS is set, every Node reads and parses all root certificates when it starts, twice its own start. The
 * servers of the tests are certified by CAs of their own; a test that goes out gives it back (test/support/project.ts).
 */
if (process.env.NODE_EXTRA_CA_CERTS !== undefined) {
  process.env.EXTRA_CA_CERTS_OUTSIDE = process.env.NODE_EXTRA_CA_CERTS;
  delete process.env.NODE_EXTRA_CA_CERTS;
}
/** Go programs collect garbage less often, at the price of memory. A Terraform's plan takes a sixth less of a processor so. */
process.env.GOGC ??= "400";
/** The names that completion remembers are these tests', not those of the person who runs them. */
process.env.XDG_STATE_HOME = fileURLToPath(new URL("../../node_modules/.cache/ssh-trust-tests/state", import.meta.url));
