/** `ssh-trust trace`, with each client's own ssh: what it says of a login that succeeds, and of each kind of refusal. */
import type { Case } from "../case.js";
import type { Cell, Versions } from "../cell.js";
import { clientUser } from "../doorway.js";
import { destination, logIn, optionsOf, type Login } from "../login.js";
import { closedPort, penalties, portOf } from "../doors.js";
import type { Grounds } from "../grounds.js";
import { since } from "../openssh-version.js";
import { at } from "../kit.js";
import { oldestTraced, traceCommand } from "../tracer.js";

const loggedIn = "logged in";

const tooOld = ({ client }: Versions) =>
  since(client, oldestTraced) ? undefined : `a trace needs ssh's LogVerbose, which is of OpenSSH ${oldestTraced}`;

interface Wanted extends Login {
  readonly port?: number;
  /** Instead of the account on the server. */
  readonly destination?: string;
  readonly more?: readonly string[];
}

/** Traces a login. @returns the kind of its refusal */
async function traced(grounds: Grounds, cell: Cell, wanted: Wanted): Promise<string> {
  const { port, more = [] } = wanted;
  const options = optionsOf(wanted).map((each) =>
    port !== undefined && each === String(portOf(wanted.door)) ? String(port) : each,
  );
  const client = grounds.machine(cell.client ?? cell.server);
  const where = wanted.destination ?? destination(grounds, cell);
  const command = [...traceCommand, "--format", "json", "--timeout", "30", ...more, ...options, where];
  const { stdout, stderr } = await client.run(command, { user: clientUser });
  try {
    const { loggedIn: succeeded, refusal } = JSON.parse(stdout) as { loggedIn: boolean; refusal: { kind: string } | null };
    return succeeded ? loggedIn : (refusal?.kind ?? "no kind");
  } catch {
    return `no trace: ${stderr.trim().slice(0, 300)}`;
  }
}

/** @param kind of the refusal; its names are in docs/trace.md */
const tracing = (id: string, what: string, kind: string, wanted: Wanted, more: Partial<Case> = {}): Case => ({
  id: `trace-${id}`,
  group: "trace",
  what,
  cannot: tooOld,
  expected: () => kind,
  run: (grounds, cell) => traced(grounds, cell, wanted),
  ...more,
});

const strict: Login = { door: "vault", hosts: "vault" };
const invalid = "host-certificate-invalid";
const denied = "permission-denied";

/** One login that begins and does not end takes the only place that there is. */
async function atFullHost(grounds: Grounds, cell: Cell): Promise<string> {
  const client = grounds.machine(cell.client ?? cell.server);
  const holder = `/tmp/holder-${cell.server}`;
  const place = `/dev/tcp/${grounds.machine(cell.server).address}/${String(portOf("startups"))}`;
  // The place may not be free yet after the last cell: then the host says something else than its version, and closes.
  const hold = `exec 3<>${place} && read -r -u 3 banner && case $banner in SSH-*) echo "$BASHPID" >${holder}; exec sleep 20 ;; esac`;
  const until = `until [ -s ${holder} ]; do (${hold}) >/dev/null 2>&1 & sleep 0.3; done`;
  await client.run(["bash", "-c", `rm -f ${holder}; ${until}`]);
  const kind = await traced(grounds, cell, { ...strict, door: "startups" });
  await client.sh(`kill "$(cat ${holder})"`);
  return kind;
}

async function afterFailures(grounds: Grounds, cell: Cell): Promise<string> {
  const failing: Login = { ...strict, door: "penalties", certificate: "another-name" };
  for (let tries = 0; tries < 2; tries++) await logIn(grounds, cell, failing);
  return traced(grounds, cell, { ...strict, door: "penalties" });
}

/** Since 9.8, each line of ssh's log holds the name that it was called by: nobody else can write one. */
async function secretName(grounds: Grounds, cell: Cell): Promise<string> {
  const options = [
    ...optionsOf({ ...strict, settings: ["LogLevel=DEBUG3", "LogVerbose=*"] }),
    destination(grounds, cell),
    "true",
  ];
  const call = ["bash", "-c", 'exec -a /1f2e3d4c/ssh ssh "$@"', "bash", ...options];
  const { stderr } = await grounds.machine(cell.client ?? cell.server).run(call, { user: clientUser, seconds: 30 });
  const signed = stderr.split("\n").filter((line) => /\(\):\d+ \(.*pid=\d+\): /.test(line));
  if (signed.length === 0) return "no line is signed";
  const named = signed.filter((line) => line.includes("(bin=/1f2e3d4c/ssh, pid=")).length;
  return named === signed.length
    ? "in every line"
    : named === 0
      ? "in no line"
      : `in ${String(named)} of ${String(signed.length)} lines`;
}

export const traceCases: readonly Case[] = [
  tracing("nobody-listens", "nobody listens", "nobody-listens", { ...strict, port: closedPort }),
  tracing("name-unknown", "a name that is not there", "name-unknown", { ...strict, destination: "nobody@nowhere.lab.test" }),
  tracing("no-common-algorithm", "no cipher in common", "no-common-algorithm", {
    ...strict,
    door: "narrow",
    settings: ["Ciphers=aes256-ctr"],
  }),
  tracing("busy", "MaxStartups", "host-busy", strict, {
    expected: ({ server }) => (since(server, "9.8") ? "refused-for-now" : "host-busy"),
    inTurn: ({ server }) => `${server} startups`,
    run: atFullHost,
  }),
  tracing("penalties", "PerSourcePenalties after failed logins", "refused-for-now", strict, {
    cannot: (versions) => (since(versions.server, penalties.since) ? tooOld(versions) : penalties.why),
    run: afterFailures,
  }),
  tracing("host-unknown", "a host that is not in known_hosts", "host-unknown", { door: "plain", hosts: "empty" }),
  tracing("host-ca-unknown", "a host's certificate of an unknown CA", "host-ca-unknown", {
    door: "host-unknown-ca",
    hosts: "own",
  }),
  tracing("host-key-changed", "a host with another key", "host-key-changed", { door: "plain", hosts: "changed" }),
  tracing("host-ca-revoked", "a host's certificate of a revoked CA", "host-ca-revoked", {
    door: "host-good",
    hosts: "revoked",
  }),
  tracing("host-another-name", "a host's certificate for another name", invalid, { door: "host-another-name", hosts: "own" }),
  tracing("host-expired", "a host's certificate that has expired", invalid, { door: "host-expired", hosts: "own" }),
  tracing("user-expired", "a user's certificate that has expired", "user-certificate-invalid", {
    ...strict,
    certificate: "expired",
  }),
  tracing("user-another-name", "a user's certificate for another account", denied, { ...strict, certificate: "another-name" }),
  tracing("user-ca-unknown", "a user's certificate of an unknown CA", denied, { ...strict, door: "trusts-a-stranger" }),
  tracing(
    "too-many-attempts",
    "more keys than MaxAuthTries",
    "too-many-attempts",
    {
      ...strict,
      door: "one-try",
      certificate: "unknown-ca",
      more: ["-i", at("user_ecdsa"), "-i", at("user_rsa")],
    },
    {
      // 10.6 counts no key that is only asked about; 10.0 does.
      expected: ({ server }) => (since(server, "10.6") ? denied : "too-many-attempts"),
    },
  ),
  tracing("success", "a login that succeeds", loggedIn, strict),
  tracing("secret-name", "LogVerbose: the secret name in ssh's log", "in every line", strict, {
    expected: ({ client }) => (since(client, "9.8") ? "in every line" : "in no line"),
    run: secretName,
  }),
];
