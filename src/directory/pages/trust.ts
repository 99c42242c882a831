/** Both CAs: what they are, how to check them, how to trust them. */
import { markup, type Html } from "../../page/html.js";
import { command, copyableCode, dataLines } from "./copyable.js";
import { renderPage, type Visitor } from "./layout.js";
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
        <h1>Whom the fleet trusts</h1>
        <p class="lead">
          Two keys sign for this fleet. The <strong>host CA</strong> says which machine is which: your ssh checks it. The
          <strong>user CA</strong> says who may log in: the hosts check it.
        </p>
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

function section(id: (typeof sections)[number][0], content: Html): Html {
  const title = sections.find(([each]) => each === id)?.[1] ?? "";
  return markup`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;
}

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
      What you see came over TLS from <code>${oneLine(address, 300)}</code>. Is that the address which your operators gave you? The directory has
      no private key and cannot sign, but one that was broken into could show you other keys. So compare the fingerprints above once, by a way
      that does not lead through this directory:
    </p>
    <ol>
      <li>
        <p>Ask Vault itself. It shows the CAs' public keys to anyone.</p>
        ${command({ id: "check-host", what: "the command that asks Vault for the host CA" }, ask(mounts.hostCa))}
        ${command({ id: "check-user", what: "the command that asks Vault for the user CA" }, ask(mounts.userCa))}
        <p>
          They show the current key only. While a CA's key is being replaced, this page has two, and the second is checked in another way. Where you have
          Vault's program, <code>vault read -field=public_key ${oneLine(mounts.hostCa, 200)}/config/ca | ssh-keygen -lf -</code> shows the same to
          those who may.
        </p>
      </li>
      <li>
        <p>
          Or call an operator, on a number that you did not find here, and have them read the fingerprint to you. Compare all of it: the first
          and last characters can be imitated.
        </p>
      </li>
    </ol>
    <p>It has to be done once on each computer. From then on, every host proves itself to your ssh, and this page is not asked again.</p>`;
};

function clients({ lines }: TrustView): Html {
  const { linux, mac, windows } = intoKnownHosts(lines);
  return markup`<h3>The easy way</h3>
    <p>For people of the fleet, with ssh-trust: it sets up ssh for the fleet's hosts, keeps the lines right, and is taken away again byte for byte.</p>
    ${command({ id: "easy", what: "the command" }, "ssh-trust config install")}
    <h3>The lines</h3>
    <p>Everything below puts these lines into a file that ssh reads. Each says: believe hosts of these names if this CA signed for them.</p>
    ${
      lines.length === 0
        ? markup`<p>Not known yet.</p>`
        : markup`${dataLines({ id: "lines", what: "the lines for known_hosts" }, ...lines)}
    ${[linux, mac, windows].map(
      ({ id, name, me, everyone, note }) => markup`<h3 id="${id}">${name}</h3>
        <p>For yourself, in <code>${me.file}</code>${me.where}:</p>
        ${command({ id: `${id}-me`, what: `the commands for ${name}, for yourself` }, ...me.lines)}
        <p>For everyone on the computer, in <code>${everyone.file}</code>${everyone.where}:</p>
        ${command({ id: `${id}-everyone`, what: `the commands for ${name}, for everyone` }, ...everyone.lines)}
        ${note === undefined ? "" : markup`<p>${note}</p>`}`,
    )}
    <h3>Try it</h3>
    <p>With the name of a host. It finds the line of its CA; then log in as always. ssh asks nothing, and says nothing of an unknown host.</p>
    ${command({ id: "try", what: "the command that looks for a host's CA" }, "ssh-keygen -F HOST")}`
    }`;
}

function hosts({ userCas }: TrustView): Html {
  const file = "/etc/ssh/user_ca.pub";
  return markup`<p>
      A host that is enrolled (<code>ssh-trust host add</code>) has all of this. By hand, it takes the user CA's keys in a file, and two settings of
      sshd, never only the first:
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
        <dd>sshd lets in whoever shows a certificate of this CA that holds a name (a principal) which the account takes.</dd>
      </div>
      <div>
        <dt><code>AuthorizedPrincipalsCommand</code></dt>
        <dd>
          Which names an account takes: here the account, an at sign, and the host's group in the fleet file, such as <code>deploy@web</code>.
          Put the group in the place of <code>GROUP</code>.
        </dd>
      </div>
      <div>
        <dt><code>DenyUsers "* *"</code></dt>
        <dd>An account with a blank in its name could be opened by a certificate for another. No such account gets in.</dd>
      </div>
    </dl>
    <div class="notice old">
      <p>
        <strong>Never set <code>TrustedUserCAKeys</code> alone.</strong> sshd then takes a certificate for any account whose bare name it holds, on every
        host alike: a certificate for <code>root</code> would open <code>root</code> everywhere. The fleet's rules are in names such as
        <code>deploy@web</code>, and only hosts that ask for such names follow them.
      </p>
    </div>
    <p>Then have sshd read it, and look whether it took it:</p>
    ${command({ id: "sshd-check", what: "the commands that check and reload sshd" }, "sudo sshd -t && sudo systemctl reload ssh", "sudo sshd -T | grep -i -e trustedusercakeys -e authorizedprincipals")}`;
}
