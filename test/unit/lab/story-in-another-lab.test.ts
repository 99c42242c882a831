/**
 * The story as it is told in a lab with a name of its own. The default lab may run beside it, so nothing that a chapter types
 * or looks for may be the default lab's.
 */
import { describe, expect, test } from "@jest/globals";
import { storyOf } from "../../../lab/chapters/index.js";
import { defaultLab, namesOf, type Subnet } from "../../../lab/names.js";
import type { Chapter, Sight } from "../../../lab/runner/chapter.js";

const usual = namesOf(defaultLab);
const other = namesOf("two");

/** Patterns are read as the text that they stand for: `10\.198\.51\.` is an address too. */
const spelled = (text: string | RegExp) => (typeof text === "string" ? text : text.source.replaceAll("\\", ""));
const spelledSight = ({ text = [], without = [] }: Sight) => [...text, ...without].map(spelled);

/** All that a chapter says, types and looks for; `needs` are names of tasks, which are the same in every lab. */
const textsOf = ({ title, teaches, steps, table }: Chapter): string[] => [
  title,
  teaches,
  ...steps.flatMap(({ about, run, answers = {}, see, claim = "", remember = {}, legend = {} }) => [
    about,
    run,
    ...Object.entries(answers).flat(),
    ...spelledSight(see),
    claim,
    ...Object.values(remember).map(spelled),
    ...Object.entries(legend).flat(),
  ]),
  ...(table === undefined ? [] : [table.title, ...table.head, ...table.rows.flat()]),
];

const networkOf = ({ subnet }: Subnet) => subnet.replace("0/24", "");
const oneOf = (...texts: readonly (string | number)[]) => texts.map((text) => String(text).replaceAll(".", "\\.")).join("|");

/** The containers that commands of docker name. */
const containersIn = (text: string): string[] => [
  ...[...text.matchAll(/docker (?:exec|logs|pause|unpause)(?: -\S+(?: \d+)?)* ([\w$.-]+)/g)].map(([, name = ""]) => name),
  ...[...text.matchAll(/docker cp ([^;&|]+)/g)].flatMap(([, files = ""]) =>
    files.split(" ").flatMap((file) => (file.includes(":") ? [file.slice(0, file.indexOf(":"))] : [])),
  ),
];

/** What leads to the default lab, and how it is found in a text. */
const traces: Record<string, (text: string) => boolean> = {
  "a container": (text) => containersIn(text).some((name) => !name.startsWith(other.container(""))),
  "a command of docker that this test does not read": (text) => /docker (?!exec |logs |cp |pause |unpause )/.test(text),
  "a port": (text) => new RegExp(`(?<![\\w.])(${oneOf(...Object.values(usual.ports))})(?![\\w.])`).test(text),
  "the keys": (text) => new RegExp(`(?<!${oneOf(other.folder)}/)${usual.keys}/`).test(text),
  "the known_hosts": (text) => new RegExp(`(^|[\\s=:'"])\\./${usual.knownHosts}|cat ${usual.knownHosts}`).test(text),
  "the folder": (text) => new RegExp(`(?<![\\w.])${oneOf(usual.folder)}(/|$|\\s)`).test(text),
  "an address": (text) => [usual.cloud, usual.elastic].some((subnet) => text.includes(networkOf(subnet))),
  "a network": (text) =>
    text.includes(usual.cloud.name) || text.includes(usual.elastic.name) || /network[ =]ssh-trust(?![-.])/.test(text),
  "an image": (text) => /(?<![\w.-])ssh-trust\/[\w-]+(:|\s|$)/.test(text),
};

const tracesIn = (text: string) => Object.keys(traces).filter((what) => traces[what]?.(text));

describe("a trace of the default lab is found", () => {
  test.each([
    ["a container", "docker exec ssh-with-signed-hostkey cat /etc/hostname"],
    ["a container", "docker logs --tail 30 ssh-with-trusted-user-ca 2>&1 | tail -n 1"],
    ["a container", "docker logs eve; docker logs two.eve"],
    ["a container", "curl -s {{vault}}/v1/host-ssh/public_key | docker exec -i laptop tee .ssh/known_hosts"],
    ["a container", "for name in web db; do docker exec cloud-$name true; done"],
    ["a container", 'ssh -o ProxyCommand="docker exec -i vault sh" localhost'],
    ["a container", "docker cp -q .lab-two/impostor ssh-with-signed-hostkey:/tmp/ 2>/dev/null"],
    ["a container", "docker pause vault >/dev/null"],
    ["a container", "docker pause two.vault; docker unpause vault"],
    ["a container", "docker cp laptop:/home/alice/tls .lab-two/"],
    ["a command of docker that this test does not read", "docker inspect vault"],
    ["a port", "ssh -p 1022 admin-ssh-user@localhost"],
    ["a port", "The old host, on port 3022, has no certificate."],
    ["a port", "The authenticity of host '[localhost]:2022"],
    ["a port", "curl -s http://localhost:8200/v1/host-ssh/public_key"],
    ["a port", "curl -s https://localhost:9000/host-keys/web"],
    ["the keys", "ssh -i ssh-keys/bob_id_rsa localhost"],
    ["the keys", spelled(/would the key ssh-keys\/alice_id_rsa do/)],
    ["the known_hosts", "ssh -o UserKnownHostsFile=./known_hosts localhost"],
    ["the known_hosts", "the CA is known: line 1 of ./known_hosts"],
    ["the known_hosts", "npm run create-known-hosts && cat known_hosts"],
    ["the folder", "curl -H @.lab/client/token-header {{vault}}"],
    ["the folder", "docker cp two.laptop:/home/alice/tls .lab"],
    ["an address", spelled(/^www\.lab\.test, (10\.198\.51\.\d+), leads to/m)],
    ["an address", "10.203.113.20"],
    ["a network", "--network ssh-trust"],
    ["a network", "ssh-trust-cloud"],
    ["an image", "ssh-trust/sshd:latest"],
  ])("%s, in: %s", (what, text) => {
    expect(tracesIn(text)).toEqual([what]);
  });

  test("in the default lab's own story", () => {
    const found = new Set(storyOf(usual).flatMap(textsOf).flatMap(tracesIn));
    expect([...found].sort()).toEqual(["a container", "a port", "an address", "the folder", "the keys", "the known_hosts"]);
  });
});

/** What looks like a name of the default lab and is the same in every lab. */
test.each([
  ["the runner fills in the lab's own address", "curl -s {{vault}}/v1/host-ssh/public_key"],
  ["a task's name", "npm run start-ssh-with-authorized-keys && npm run eve -- start www"],
  ["this program's own name", "npx ssh-trust trace localhost"],
  ["a file in a container of this lab", "cut -d ' ' -f 1,2 ~/.ssh/known_hosts; docker exec -i two.laptop tee .ssh/known_hosts"],
  ["the client's own file, below the lab's folder", "ssh-keygen -f .lab-two/client/known_hosts -R x"],
  ["a word of prose", "known_hosts now holds the key with that fingerprint; Eve meets the laptop"],
  ["a port of one machine of this lab's cloud", "ssh -p 2201 admin-ssh-user@shop.lab.test"],
  ["a machine's host name", "256 {{key}} root@web (ED25519)"],
  ["a comment in a key", "alice@laptop"],
  ["a domain of the lab's own networks", "shop.lab.test"],
])("%s is no trace: %s", (_why, text) => {
  expect(tracesIn(text)).toEqual([]);
});

test.each(storyOf(other))("the chapter $title leads to nothing of the default lab", (chapter) => {
  const found = textsOf(chapter).flatMap((text) => tracesIn(text).map((what) => ({ what, text })));
  expect(found).toEqual([]);
});

test.each(storyOf(other).map((chapter, index) => ({ title: chapter.title, chapter, index })))(
  "the chapter $title differs from the default lab's in these names only",
  ({ chapter, index }) => {
    const translated = (text: string) =>
      [
        [`${other.folder}/${usual.keys}`, usual.keys],
        [other.knownHosts, usual.knownHosts],
        [other.folder, usual.folder],
        [other.container(""), ""],
        [networkOf(other.elastic), networkOf(usual.elastic)],
        ...Object.entries(usual.ports).map(([what, port]) => [
          String(other.ports[what as keyof typeof usual.ports]),
          String(port),
        ]),
      ].reduce((all, [theirs = "", ours = ""]) => all.replaceAll(theirs, ours), text);
    const original = storyOf(usual)[index];
    expect(textsOf(chapter).map(translated)).toEqual(original === undefined ? [] : textsOf(original));
  },
);
