import { certificateToJson, type CertificateJson } from "../describe-certificate.js";
import type { Inspection } from "./inspect.js";
import type { UnreadableLine } from "./inspect-lines.js";
import { verdictToJson, type VerdictJson } from "./verdict.js";

/** An inspection as JSON has it. */
export interface InspectionJson {
  readonly kind: (Inspection | UnreadableLine)["kind"];
  readonly type: string;
  /** Whether no verdict is "bad". */
  readonly ok: boolean;
  readonly key: {
    readonly type: string;
    readonly bits: number;
    readonly fingerprint: string;
    readonly md5: string;
    /** Of FIDO2 keys only. */
    readonly application: string | null;
  } | null;
  readonly comment: string;
  readonly certificate: CertificateJson | null;
  readonly verdicts: readonly VerdictJson[];
}

/**
 * The same as data for `JSON.stringify`: times in UTC, texts as they were written. The names are permanent; there may be more of
 * them later.
 * @param program what `ssh-trust` is called here, for the commands of a hint
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { inspectionToJson, inspectKey } from "ssh-trust";
 *
 * const inspection = inspectKey(await readFile("id_ed25519.pub", "utf8"), { now: new Date() });
 * const { kind, comment, key } = inspectionToJson(inspection);
 * console.log(kind, comment, key?.bits); // key alice@laptop 256
 * ```
 */
export function inspectionToJson(inspection: Inspection | UnreadableLine, program = "ssh-trust"): InspectionJson {
  const { kind, type, key, comment, certificate, verdicts } = inspection;
  return {
    kind,
    type,
    ok: verdicts.every(({ level }) => level !== "bad"),
    key:
      key === undefined
        ? null
        : {
            type: key.type,
            bits: key.bits,
            fingerprint: key.fingerprint,
            md5: key.md5,
            application: key.application ?? null,
          },
    comment,
    certificate: certificate === undefined ? null : certificateToJson(certificate),
    verdicts: verdicts.map((each) => verdictToJson(each, program)),
  };
}
