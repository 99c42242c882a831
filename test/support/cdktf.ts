/** Apps of CDKTF's for tests. Each of them would make a folder and leave it; these share one, which goes with the tests of a file. */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { Testing } from "cdktf";

const outdir = mkdtempSync(join(tmpdir(), "ssh-trust-cdktf-"));
afterAll(() => rm(outdir, { recursive: true }));

export const testApp = () => Testing.stubVersion(Testing.app({ outdir }));
