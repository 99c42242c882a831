/** A host's certificates, each field in plain words. */
import { markup, type Html } from "../../page/html.js";
import type { HostCertificate, HostDetail } from "../contract.js";
import { notice } from "./layout.js";
import { timeLeft } from "./state.js";
import { at, oneLine } from "./words.js";

export function certificates({ certificates: all, state }: HostDetail, now: number): Html {
  if (all.length === 0) {
    return state.kind === "uncertified"
      ? markup`<p>None. This host cannot be enrolled; an operator gave its keys.</p>`
      : markup`<p>It shows none.</p>`;
  }
  return markup`${all.slice(0, 32).map((each, index) => certificate(each, index, now))}`;
}

function certificate(
  { kind, key, serial, keyId, principals, from, until, signingCa, problem }: HostCertificate,
  index: number,
  now: number,
) {
  const field = (name: string, about: string, value: Html) => markup`<div>
      <dt>${name}</dt>
      <dd>${value} <span class="about">${about}</span></dd>
    </div> `;
  const names = markup`${principals.slice(0, 64).map((name, place) => markup`${place === 0 ? "" : ", "}<code>${oneLine(name, 253)}</code>`)}`;
  const life = from !== null && until !== null ? markup`<br />${timeLeft({ from, until }, now)}` : markup``;
  return markup`<h3>${oneLine(kind, 64)} <span class="unseen">certificate ${index + 1}</span></h3>
    ${problem === null ? "" : notice("no", markup`<p><strong>Clients refuse it:</strong> <bdi>${oneLine(problem, 1200)}</bdi></p>`)}
    <dl class="fields">
      ${field("Valid", "Clients refuse it before and after. The host renews it by itself.", markup`${from === null ? "always" : at(from)} until ${until === null ? "for ever" : at(until)}${life}`)}
      ${field("Names", "Clients accept it for these names only.", principals.length === 0 ? markup`none` : names)}
      ${field("Key", "The host key that it certifies. Clients check that the host has the private key.", markup`<code>${oneLine(key, 200)}</code>`)}
      ${field("Signed by", "The key of the CA. Compare it with the host CA on the Trust page.", markup`<code>${oneLine(signingCa, 200)}</code>`)}
      ${field("Key id", "How it is called in logs.", markup`<code>${oneLine(keyId, 1200)}</code>`)}
      ${field("Serial", "The number that the CA gave it.", markup`<code>${oneLine(serial, 64)}</code>`)}
    </dl>`;
}
