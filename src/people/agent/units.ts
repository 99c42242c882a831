/** How a service manager starts the agent: systemd.service(5) and launchd.plist(5). */
import { unitWord } from "../../ground/unit-word.js";

/** @param program with the arguments that come before a verb. @example systemdUnit(["/usr/bin/ssh-trust"]) */
export const systemdUnit = (program: readonly string[]): string => `[Unit]
Description=A certificate for each SSH login
Documentation=man:ssh_config(5)

# Where another one runs already, it is not tried for ever.
StartLimitIntervalSec=60
StartLimitBurst=3

[Service]
ExecStart=${[...program, "agent", "run"].map(unitWord).join(" ")}
Restart=on-failure
RestartSec=5
# What is in its memory is on no disk.
LimitCORE=0
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target`;

export const launchdPlist = (program: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>ssh-trust-agent</string>
  <key>ProgramArguments</key>
  <array>
${[...program, "agent", "run"].map((word) => `    <string>${xml(word)}</string>`).join("\n")}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>HardResourceLimits</key>
  <dict>
    <key>Core</key>
    <integer>0</integer>
  </dict>
</dict>
</plist>`;

const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
