/** Both CAs: what they are, how to check them, how to trust them. */
import { markup, type Html } from "../../page/html.js";
import type { Freshness } from "../contract.js";
import { command, copyableCode, dataLines } from "./copyable.js";
import { freshnessNote, renderPage, titled, type Visitor } from "./layout.js";
import { intoKnownHosts } from "./trust-commands.js";
import { oneLine } from "./words.js";

export interface CaKey {
  /** The public key, as one line of a .pub file. */
  readonly line: string;
  /** Such as ED25519. */
  readonly kind: string;
  /** SHA256:… */
  readonly fingerprint: string;
}

export interface TrustView extends Visitor {
  readonly hostCas: readonly CaKey[];
  readonly userCas: readonly CaKey[];
  /** The lines of known_hosts by which the fleet's hosts are trusted. */
  readonly lines: readonly string[];
  /** How old what it shows is. */
  readonly fresh: Freshness;
  /** Where this directory is, such as https://directory.example.org. */
  readonly address: string;
  /** Where Vault has the CAs. */
  readonly mounts: { readonly hostCa: string; readonly userCa: string };
}

export const renderTrustPage = (view: TrustView): string =>
  renderPage({
    title: "Trust",
    here: "trust",
    path: "/trust",
    visitor: view,
    main: markup`<div class="head">
        <h1>What this fleet trusts</h1>
        <p class="lead">
          Two certificate authorities (CAs) sign for this fleet. The <strong>host CA</strong> signs the keys of hosts, and your ssh checks that. The
          <strong>user CA</strong> signs the keys of people, and the hosts check that.
        </p>
        ${freshnessNote(view.fresh)}
      </div>
      <nav class="contents" aria-label="On this page">
        <ul>
          ${sections.map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li> `)}
        </ul>
      </nav>
      ${section("cas", cas(view))} ${section("check", check(view))} ${section("clients", clients(view))} ${section("hosts", hosts(view))}`,
  });

const sections = [
  ["cas", "The two CAs"],
  ["check", "Check that this page is right"],
  ["clients", "On your computer: trust the hosts"],
  ["hosts", "On a host: trust the people"],
] as const;

const section = (id: (typeof sections)[number][0], content: Html) =>
  titled(id, sections.find(([each]) => each === id)?.[1] ?? "", content);

function cas({ hostCas, userCas }: TrustView): Html {
  const keys = (id: string, name: string, all: readonly CaKey[]) =>
    all.length === 0
      ? markup`<p>Not known yet.</p>`
      : markup`${all.map(
          ({ kind, fingerprint, line }, index) => markup`<div class="ca">
            <p><strong>${oneLine(kind, 64)}</strong> ${copyableCode({ id: `${id}-print-${String(index)}`, what: `the fingerprint of the ${name}` }, fingerprint)}</p>
            ${dataLines({ id: `${id}-key-${String(index)}`, what: `the public key of the ${name}` }, line)}
          </div>`,
        )}`;
  return markup`<h3>Host CA</h3>
    ${keys("host-ca", "host CA", hostCas)}
    <h3>User CA</h3>
    ${keys("user-ca", "user CA", userCas)}`;
}

const check = ({ mounts, address }: TrustView) => {
  const ask = (mount: string) => `curl -fsS "$VAULT_ADDR/v1/${oneLine(mount, 200)}/public_key" | ssh-keygen -lf -`;
  return markup`<p>
      This page should have come over TLS from <code>${oneLine(address, 300)}</code>: compare that with your browser's address bar, and with what your operators
      told you. The directory holds no private key and cannot sign, but if somebody broke into it, it could show you wrong keys. So compare
      the fingerprints above once in a second way, one that does not go through this directory:
    </p>
    <ol>
      <li>
        <p>Ask Vault itself. It shows the public keys of the CAs to everyone.</p>
        ${command({ id: "check-host", what: "the command that asks Vault for the host CA" }, ask(mounts.hostCa))}
        ${command({ id: "check-user", what: "the command that asks Vault for the user CA" }, ask(mounts.userCa))}
        <p>
          Vault shows the current key only. While a CA key is being replaced, this page shows two; check the other one with an operator.
        </p>
      </li>
      <li>
        <p>
          Or call an operator, and have them read the fingerprint to you. Compare all of it: somebody can make a key whose first and last characters
          are the same.
        </p>
      </li>
    </ol>
    <p>You do this once on each computer. After that, every host proves to your ssh who it is, and ssh does not need this page again.</p>`;
};

function clients({ lines }: TrustView): Html {
  const { linux, mac, windows } = intoKnownHosts(lines);
  return markup`<h3>The easy way</h3>
    <p>With ssh-trust, one command sets up ssh for the fleet's hosts and keeps the lines up to date. It shows every change first, and
      <code>ssh-trust config remove</code> undoes it.</p>
    ${command({ id: "easy", what: "the command" }, "ssh-trust config install")}
    <h3>The lines</h3>
    <p>By hand, put these lines into a file that ssh reads. Each one says: accept hosts with these names if this CA signed their keys.</p>
    ${
      lines.length === 0
        ? markup`<p>Not known yet.</p>`
        : markup`${dataLines({ id: "lines", what: "the lines for known_hosts" }, ...lines)}
    <div class="systems">${[linux, mac, windows].map(
      ({ id, name, me, everyone, note }) => markup`<details id="${id}"><summary><h3>${name}</h3></summary>
        <p>For yourself, in <code>${me.file}</code>${me.where}:</p>
        ${command({ id: `${id}-me`, what: `the commands for ${name}, for yourself` }, ...me.lines)}
        <p>For everyone on the computer, in <code>${everyone.file}</code>${everyone.where}:</p>
        ${command({ id: `${id}-everyone`, what: `the commands for ${name}, for everyone` }, ...everyone.lines)}
        ${note === undefined ? "" : markup`<p>${note}</p>`}</details>`,
    )}</div>
    <h3>Try it</h3>
    <p>Put a host's name in the place of <code>HOST</code>: the line of its CA is found. Then log in as usual. ssh does not ask about an unknown host any more.</p>
    ${command({ id: "try", what: "the command that looks for a host's CA" }, "ssh-keygen -F HOST")}`
    }`;
}

function hosts({ userCas }: TrustView): Html {
  const file = "/etc/ssh/user_ca.pub";
  return markup`<p>
      An enrolled host (<code>ssh-trust host add</code>) has all of this already. By hand, it takes a file with the user CA's keys, and the
      settings below, always together:
    </p>
    ${
      userCas.length === 0
        ? markup`<p>The user CA is not known yet.</p>`
        : markup`<p>In <code>${file}</code>:</p>
    ${dataLines({ id: "user-ca-file", what: "the user CA's keys" }, ...userCas.map(({ line }) => line))}`
    }
    <p>In <code>/etc/ssh/sshd_config.d/</code>, or at the top of <code>/etc/ssh/sshd_config</code>:</p>
    ${dataLines(
      { id: "sshd", what: "sshd's settings" },
      `TrustedUserCAKeys ${file}`,
      "AuthorizedPrincipalsCommand /usr/bin/printf %%s\\n %u@GROUP",
      "AuthorizedPrincipalsCommandUser nobody",
      'DenyUsers "* *"',
    )}
    <dl class="fields">
      <div>
        <dt><code>TrustedUserCAKeys</code></dt>
        <dd>sshd lets in whoever shows a certificate of this CA with a name (principal) that the account accepts.</dd>
      </div>
      <div>
        <dt><code>AuthorizedPrincipalsCommand</code></dt>
        <dd>
          Which names an account accepts: here the account, an at sign, and the host's group in the fleet file, such as <code>deploy@web</code>.
          Replace <code>GROUP</code> with the group of this host.
        </dd>
      </div>
      <div>
        <dt><code>DenyUsers "* *"</code></dt>
        <dd>Accounts with a blank in their name cannot log in: a certificate for another account could open them.</dd>
      </div>
    </dl>
    <div class="notice old">
      <p>
        <strong>Never set <code>TrustedUserCAKeys</code> alone.</strong> By itself it accepts any certificate whose principal is the bare name of the account: one
        for <code>root</code> would open <code>root</code> on every such host. The fleet's rules are in principals such as <code>deploy@web</code>, and
        only a host that requires them follows the rules.
      </p>
    </div>
    <p>Then check the settings, reload sshd, and look whether they are in force (the unit is called <code>sshd</code> on Fedora and its relatives):</p>
    ${command({ id: "sshd-check", what: "the commands that check and reload sshd" }, "sudo sshd -t && sudo systemctl reload ssh", "sudo sshd -T | grep -i -e trustedusercakeys -e authorizedprincipals")}`;
}
