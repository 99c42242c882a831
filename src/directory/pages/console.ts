/** A console log is compared with the keys that the directory knows: a second look at the machine, past the network. */
import { markup, type Html } from "../../page/html.js";
import type { HostDetail } from "../contract.js";
import type { ConsoleVerdict } from "../console-log.js";
import { hostPath } from "./address.js";
import { oneLine, when } from "./words.js";

export const consoleBox = (host: HostDetail, verdict: ConsoleVerdict | undefined): Html =>
  markup`${verdict === undefined ? "" : tell(host, verdict)}
    <p>
      Most machines print the fingerprints of their host keys to the console when they first start. Paste that log from your provider's
      console here to compare it with the keys above. The log is not kept.
    </p>
    <form class="console" method="post" action="${hostPath(host.name)}/console#console">
      <label for="log">Console log</label>
      <textarea id="log" name="log" rows="8" required autocomplete="off" autocapitalize="none" spellcheck="false"></textarea>
      <button type="submit">Compare</button>
    </form>`;

const most = 64;

function tell({ keys, name }: HostDetail, { kind, found, missing }: ConsoleVerdict): Html {
  const kinds = new Map(
    keys
      .map(
        ({ sha256, md5, kind: of }) =>
          [
            [sha256, of],
            [md5, of],
          ] as const,
      )
      .flat() as [string, string][],
  );
  const list = (
    prints: readonly { readonly kind?: string | undefined; readonly fingerprint: string; readonly known?: boolean }[],
  ) =>
    markup`<ul class="prints">
      ${prints.slice(0, most).map(
        ({ kind: of, fingerprint, known }) =>
          markup`<li>
            ${known === undefined ? markup`<span class="sign" aria-hidden="true"></span>` : known ? markup`<span class="sign yes" aria-hidden="true">✓</span><span class="unseen">this host's:</span>` : markup`<span class="sign no" aria-hidden="true">✗</span><span class="unseen">not this host's:</span>`}
            ${oneLine(of ?? kinds.get(fingerprint) ?? "", 64)} <code>${oneLine(fingerprint, 200)}</code>
          </li> `,
      )}
    </ul>`;
  const unshown = when(
    missing.length > 0 && kind === "same",
    () =>
      markup`<p>Other keys of this host, which the log does not show:</p>${list(missing.map((fingerprint) => ({ fingerprint })))}`,
  );
  switch (kind) {
    case "same":
      return markup`<div class="notice yes" role="status">
        <p><strong>These are this host's keys.</strong> Every fingerprint in the log belongs to ${oneLine(name, 253)}.</p>
        ${list(found)}${unshown}
      </div>`;
    case "different":
      return markup`<div class="notice no" role="alert">
        <p><strong>These are not this host's keys.</strong> Do not log in until an operator has found out why.</p>
        <h3>The log shows</h3>
        ${list(found)}
        <h3>This directory expects</h3>
        ${list(keys.map(({ kind: of, sha256 }) => ({ kind: of, fingerprint: sha256 })))}
        <p>
          The log may be from another machine, or from before the host's keys changed. The machine may have been rebuilt: then an operator has to
          enrol it again. If neither is the case, another machine may be impersonating it.
        </p>
      </div>`;
    case "none":
      return markup`<div class="notice old" role="status">
        <p>
          <strong>No fingerprint was found in this log.</strong> Look for lines with <code>SHA256:</code> or with sixteen pairs of hexadecimal digits, often
          after a line <code>BEGIN SSH HOST KEY FINGERPRINTS</code>. They are printed at the first start, so they may be far up.
        </p>
      </div>`;
  }
}
