/** How systemd starts the directory. */
import { expect, test } from "@jest/globals";
import type { ServeOptions } from "../../../src/directory/serve.js";
import { hiddenFrom, systemdUnit } from "../../../src/directory/unit.js";

const options = (port: number, more: Partial<ServeOptions> = {}): ServeOptions => ({
  ...{ listen: { host: "0.0.0.0", port }, tls: { cert: "/etc/x/cert.pem", key: "/etc/x/key.pem" } },
  ...{ tokenFile: "/etc/x/token", sessionKey: undefined, proxies: [], rate: 50, ...more },
});
const rights = (port: number) =>
  systemdUnit(["/usr/bin/ssh-trust"], options(port))
    .split("\n")
    .filter((line) => /^(?:CapabilityBoundingSet|AmbientCapabilities)=/.test(line));

test.each([
  [80, ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE"]],
  [443, ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE"]],
  [1023, ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE", "AmbientCapabilities=CAP_NET_BIND_SERVICE"]],
  [1024, ["CapabilityBoundingSet="]],
  [8443, ["CapabilityBoundingSet="]],
])("on port %s it may do no more than it needs", (port, lines) => {
  expect(rights(port)).toEqual(lines);
});

test.each([
  ["nothing", {}, []],
  ["a token in a home", { tokenFile: "/home/x/token" }, ["/home/x/token"]],
  ["root's home", { tls: { cert: "/root/cert.pem", key: "/root/../etc/key.pem" } }, ["/root/cert.pem"]],
  ["a folder whose name begins so", { tokenFile: "/homes/token", sessionKey: "/rooted" }, []],
  ["what is for a moment", { sessionKey: "/tmp/key" }, ["/tmp/key"]],
])("what its process does not see is named: %s", (_, more, files) => {
  expect(hiddenFrom(["/usr/bin/ssh-trust"], options(8443, more))).toEqual(files);
});

test("the program itself, too", () => {
  expect(hiddenFrom(["/usr/bin/node", "/home/x/ssh-trust/bin/ssh-trust.js"], options(8443))).toHaveLength(1);
});
