/** An sshd that answers with a line in place of its version: real lines of ssh's log, from each version of the client. */
import { describe, expect, test } from "@jest/globals";
import { readLog } from "../../../src/trace/log.js";
import { entriesOf, hintOf, laidOut } from "./logs.js";

/** What ssh said to an sshd that turned it away; of the text of that sshd, `line`. */
const clients = [
  [
    "9.2",
    (line: string) => `debug1: kex.c:kex_exchange_identification():1430 (pid=235): banner line 0: ${line}
kex.c:kex_exchange_identification():1383 (pid=235): Connection closed by remote host
packet.c:sshpkt_vfatal():1909 (pid=235): Connection closed by 172.17.0.4 port 2203
`,
  ],
  [
    "10.0, whose connection was reset",
    (line: string) => `debug1: kex.c:kex_exchange_identification():1369 (bin=ssh, pid=264): banner line 0: ${line}
kex.c:kex_exchange_identification():1327 (bin=ssh, pid=264): read: Connection reset by peer
packet.c:sshpkt_vfatal():2020 (bin=ssh, pid=264): Connection reset by 172.17.0.4 port 2203
`,
  ],
  [
    "10.6",
    (line: string) => `debug1: kex.c:kex_exchange_identification():1408 (bin=ssh, pid=391): banner line 0: ${line}
kex.c:kex_exchange_identification():1361 (bin=ssh, pid=391): Connection closed by remote host
packet.c:sshpkt_vfatal():2076 (bin=ssh, pid=391): Connection closed by 172.17.0.2 port 2204
`,
  ],
] as const;

describe.each(clients)("the client is OpenSSH %s", (_version, log) => {
  test.each([
    ["Exceeded MaxStartups", "host-busy", /too many logins have begun.*MaxStartups/, /^wait some seconds, then run the same/],
    [
      "Not allowed at this time",
      "refused-for-now",
      /from this address for now: .*PerSourcePenalties.*MaxStartups/,
      /^wait, then/,
    ],
    ["Not allowed at this time today", "not-ssh", /does not speak SSH: Not allowed at this time today/, /-p <port>/],
    ["220 Exceeded MaxStartups", "not-ssh", /does not speak SSH/, /-p <port>/],
    ["Invalid SSH identification string.", "not-ssh", /does not speak SSH/, /-p <port>/],
  ])("an answer of %j is %s", (line, kind, reason, hint) => {
    const trace = laidOut(readLog(log(line)));
    expect(trace.refusal).toMatchObject({ stage: "setup", kind });
    expect(trace.refusal?.reason).toMatch(reason);
    expect(hintOf(trace)).toMatch(hint);
    expect(entriesOf(trace).map((entry) => entry.kind)).toEqual(["line-before-version", "ended"]);
  });

  test("where the line got lost, the hint says what it may have been", () => {
    const trace = laidOut(readLog(log("").replace(/^.*banner line.*\n/, "")));
    expect(trace.refusal).toMatchObject({ stage: "setup", kind: "closed" });
    expect(hintOf(trace)).toMatch(/wait some minutes.*MaxStartups.*PerSourcePenalties.*journalctl/);
  });
});

/** As 10.6 says it on a machine without IPv6. */
describe("nobody listens at one address, and the other cannot be reached from here", () => {
  const attempt = (address: string, reason: string) =>
    `debug1: sshconnect.c:ssh_connect_direct():522 (bin=ssh, pid=1): Connecting to localhost [${address}] port 2299.
debug1: sshconnect.c:ssh_connect_direct():541 (bin=ssh, pid=1): connect to address ${address} port 2299: ${reason}
`;
  const end = (reason: string) =>
    `sshconnect.c:ssh_connect_direct():554 (bin=ssh, pid=1): ssh: connect to host localhost port 2299: ${reason}\n`;
  const away = "Cannot assign requested address";
  test.each([
    ["away, then away", attempt("127.0.0.1", away) + attempt("::1", away) + end(away), "unreachable"],
    ["refused, then no answer", attempt("127.0.0.1", "Connection refused") + end("Connection timed out"), "unreachable"],
    ["refused, then away", attempt("127.0.0.1", "Connection refused") + attempt("::1", away) + end(away), "nobody-listens"],
    [
      "away, then refused",
      attempt("::1", away) + attempt("127.0.0.1", "Connection refused") + end("Connection refused"),
      "nobody-listens",
    ],
  ])("%s", (_what, log, kind) => {
    expect(laidOut(readLog(log)).refusal?.kind).toBe(kind);
  });
});

test("through a jump host, what the host itself answered counts before what the jump host's ssh said last", () => {
  const lines = `debug1: sshconnect.c:ssh_proxy_connect():150 (pid=7): Executing proxy command: exec ssh -W '[web]:22' jump
debug1: kex.c:kex_exchange_identification():1430 (pid=7): banner line 0: Exceeded MaxStartups
kex.c:kex_exchange_identification():1383 (pid=7): Connection closed by remote host
`;
  const others = [{ at: 9, by: "others", level: "", where: "", text: "Killed by signal 1." }] as const;
  expect(laidOut(readLog(lines), { others }).refusal?.kind).toBe("host-busy");
});

test.each([
  ["ssh-ed25519", "ssh_host_ed25519_key.pub"],
  ["ecdsa-sha2-nistp521", "ssh_host_ecdsa_key.pub"],
  ["ssh-mldsa44-ed25519", "ssh_host_mldsa44_ed25519_key.pub"],
  ["ssh-later-than-this", "ssh_host_ed25519_key.pub"],
])("an unknown host key of type %s is compared with %s on the host", (type, file) => {
  const fingerprint = "SHA256:+jpLWcIsLjw628gqmJGF+F66Rfa4+rReR8hObhzrH58";
  const log = `debug1: kex.c:kex_exchange_identification():1 (pid=1): Remote protocol version 2.0, remote software version OpenSSH_10.6p1
debug3: packet.c:ssh_packet_send2_wrapped():1 (pid=1): send packet: type 30
debug1: kexgen.c:input_kex_gen_reply():1 (pid=1): SSH2_MSG_KEX_ECDH_REPLY received
debug1: sshconnect.c:verify_host_key():1 (pid=1): Server host key: ${type} ${fingerprint}
sshconnect.c:check_host_key():1 (pid=1): No MLDSA44-ED25519 host key is known for [h]:1 and you have requested strict checking.
sshconnect.c:verify_host_key():1 (pid=1): Host key verification failed.
`;
  expect(hintOf(laidOut(readLog(log)))).toContain(`/etc/ssh/${file}`);
});
