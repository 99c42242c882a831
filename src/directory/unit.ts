/** How systemd starts the directory: systemd.service(5). It has no rights but to read its files and to use the network. */
import { resolve } from "node:path";
import { unitWord } from "../ground/unit-word.js";
import type { ServeOptions } from "./serve.js";

/**
 * Files are whole paths in it: systemd starts it in another folder.
 * @param program with the arguments that come before a verb, such as ["/usr/bin/ssh-trust"]
 * @example systemdUnit(["/usr/bin/ssh-trust"], options)
 */
export function systemdUnit(
  program: readonly string[],
  { listen, tls, tokenFile, sessionKey, proxies, rate }: ServeOptions,
): string {
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  const args = [
    ...["--listen", `${host}:${String(listen.port)}`],
    ...(tls === undefined ? ["--http"] : ["--tls-cert", resolve(tls.cert), "--tls-key", resolve(tls.key)]),
    ...["--token-file", resolve(tokenFile ?? "/etc/ssh-trust/directory.token")],
    ...(sessionKey === undefined ? [] : ["--session-key", resolve(sessionKey)]),
    ...proxies.flatMap((range) => ["--trust-proxy", range]),
    ...(rate === 50 ? [] : ["--rate", String(rate)]),
  ];
  // Ports below 1024 are for those who may bind them: capabilities(7).
  const capability = listen.port < 1024 ? "CAP_NET_BIND_SERVICE" : "";
  const ambient = capability === "" ? "" : `AmbientCapabilities=${capability}\n`;
  return `[Unit]
Description=The directory of an ssh-trust fleet
Wants=network-online.target
After=network-online.target

[Service]
# VAULT_ADDR and, where its CA is private, VAULT_CACERT
EnvironmentFile=/etc/ssh-trust/directory.env
ExecStart=${[...program, "directory", "serve", ...args].map(unitWord).join(" ")}
Restart=on-failure
RestartSec=5
# What was asked is answered before it ends.
TimeoutStopSec=20
User=ssh-trust-directory
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
CapabilityBoundingSet=${capability}
${ambient}ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target`;
}

/** What the unit's process does not see: ProtectHome, and PrivateTmp. */
const hidden = /^(?:\/home|\/root|\/run\/user|\/tmp|\/var\/tmp)(?:\/|$)/;

/** Files that the unit names and that its process cannot read. @param program as for `systemdUnit` */
export function hiddenFrom(program: readonly string[], { tls, tokenFile, sessionKey }: ServeOptions): readonly string[] {
  const named = [tls?.cert, tls?.key, tokenFile, sessionKey].flatMap((file) => (file === undefined ? [] : [resolve(file)]));
  return [...program, ...named].filter((file) => hidden.test(file));
}
