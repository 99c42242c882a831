/** Two labs on one machine: nothing that only one of them can have has the same name in both. */
import { describe, expect, test } from "@jest/globals";
import { defaultLab, labName, namesOf, type LabNames } from "../../../lab/names.js";

/** Every value that a lab has for itself, by what it is. */
const ownValues = ({ container, image, task, ...values }: LabNames) =>
  leavesOf({ container: container("vault"), image: image("sshd"), task: task("status"), ...values });

const leavesOf = (value: unknown, path = ""): [string, unknown][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`))
    : [[path.slice(1), value]];

const pairs = [
  [defaultLab, "two"],
  [defaultLab, "ci-7"],
  ["two", "ci-7"],
  // Names that are parts of others' names.
  [defaultLab, "cloud"],
  [defaultLab, "elastic"],
  ["two", "two-cloud"],
] as const;

test.each(pairs)("the labs %s and %s share no port, container, network, folder or address", (one, other) => {
  const taken = new Map(ownValues(namesOf(one)).map(([path, value]) => [value, path]));
  const shared = ownValues(namesOf(other)).filter(([, value]) => taken.has(value));
  expect(shared).toEqual([]);
});

test.each([defaultLab, "two", "ci-7"])("within the lab %s no port, network or address is given twice", (lab) => {
  const values = ownValues(namesOf(lab)).map(([, value]) => value);
  expect(new Set(values).size).toBe(values.length);
});

test("the same name gives the same values", () => {
  expect(ownValues(namesOf("two"))).toEqual(ownValues(namesOf("two")));
});

test("what a lab with a name makes is below its own folder", () => {
  const { folder, keys, knownHosts } = namesOf("two");
  expect(folder).toBe(".lab-two");
  for (const file of [keys, knownHosts]) expect(file.startsWith(`${folder}/`)).toBe(true);
});

test("the default lab has the names and numbers of the tutorial", () => {
  const { container, image, task, ...values } = namesOf(defaultLab);
  expect(task("cloud", "list")).toBe("npm run cloud -- list");
  expect(container("ssh-with-signed-hostkey")).toBe("ssh-with-signed-hostkey");
  expect(image("sshd")).toBe("ssh-trust/sshd:latest");
  expect(values).toEqual({
    lab: "default",
    folder: ".lab",
    keys: "ssh-keys",
    knownHosts: "known_hosts",
    network: "ssh-trust",
    ports: {
      "ssh-with-authorized-keys": 1022,
      "ssh-with-signed-hostkey": 2022,
      "ssh-with-trusted-user-ca": 3022,
      vault: 8200,
      directory: 8443,
      objectStore: 9000,
    },
    cloud: {
      name: "ssh-trust-cloud",
      subnet: "10.203.113.0/24",
      pool: { first: "10.203.113.20", last: "10.203.113.199" },
    },
    elastic: {
      name: "ssh-trust-elastic",
      subnet: "10.198.51.0/24",
      pool: { first: "10.198.51.10", last: "10.198.51.99" },
    },
    addresses: {
      objectStore: "10.203.113.3",
      eve: "10.203.113.5",
      laptop: { cloud: "10.203.113.10", elastic: "10.198.51.2" },
    },
  });
});

describe("what a lab may be called", () => {
  test.each([
    ["nothing", ""],
    ["a capital", "Two"],
    ["a digit first", "2two"],
    ["a hyphen first", "-two"],
    ["a hyphen last", "two-"],
    ["a hyphen alone", "-"],
    ["an underscore", "two_b"],
    ["a dot", "two.b"],
    ["a slash", "two/b"],
    ["a path", "../two"],
    ["a space", "two b"],
    ["a line end", "two\n"],
    ["another line", "two\nb"],
    ["a letter beyond ASCII", "zwölf"],
    ["what a shell would read", "two;id"],
    ["21 characters", "a".repeat(21)],
  ])("not: %s", (_what, name) => {
    expect(name).not.toMatch(labName);
  });

  test.each([defaultLab, "a", "two", "ci-7", "a".repeat(20)])("%s", (name) => {
    expect(name).toMatch(labName);
  });
});

test("no machine of a lab is called as a container of another", () => {
  const machines = (lab: string) => ["vault", "laptop", "eve"].map((name) => namesOf(lab).container(`cloud-${name}`));
  const parts = (lab: string) => ["vault", "laptop", "eve"].map((name) => namesOf(lab).container(name));
  for (const [one, other] of [
    [defaultLab, "cloud"],
    ["two", "two-cloud"],
    ["two-cloud", "two"],
  ] as const)
    expect(machines(one).filter((name) => parts(other).includes(name))).toEqual([]);
});
