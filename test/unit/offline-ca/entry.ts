/** An entry of an offline CA's log, for tests. */
import type { Issued } from "../../../src/offline-ca/issue-log.js";

export const entry = (more: Partial<Issued> = {}): Issued => ({
  event: "issued",
  at: "2026-01-01T00:00:00Z",
  serial: "1",
  kind: "host",
  name: "web",
  identity: "web_v01",
  principals: ["web", "web.lab.test"],
  keyType: "ed25519",
  publicKey: "SHA256:a",
  signingCa: "SHA256:b",
  validFrom: "2026-01-01T00:00:00Z",
  validTo: "2031-01-01T00:00:00Z",
  extensions: [],
  ...more,
});
