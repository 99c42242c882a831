/** The commands that put lines into the files of known_hosts, on each system. What is pasted is the lines and nothing that runs. */
import { oneLine } from "./words.js";

interface Place {
  readonly file: string;
  /** Said after it. */
  readonly where: string;
  readonly lines: readonly string[];
}

interface System {
  readonly id: string;
  readonly name: string;
  readonly me: Place;
  readonly everyone: Place;
  readonly note?: string;
}

/** An empty line goes first: the file may end without one, and what stands there is not to be joined with ours. */
export function intoKnownHosts(lines: readonly string[]): {
  readonly linux: System;
  readonly mac: System;
  readonly windows: System;
} {
  // Quoted, a shell changes nothing; a line that is the end mark itself, or begins as PowerShell's, would end the text.
  const safe = lines.map((line) => oneLine(line)).filter((line) => line !== end && !/^\s*['\u2018-\u201B]@/.test(line));
  const here = ["", ...safe, end];
  const me: Place = {
    file: "~/.ssh/known_hosts",
    where: "",
    lines: ["mkdir -p -m 700 ~/.ssh", `cat >> ~/.ssh/known_hosts <<'${end}'`, ...here],
  };
  const everyone: Place = {
    file: "/etc/ssh/ssh_known_hosts",
    where: "",
    lines: [`sudo tee -a /etc/ssh/ssh_known_hosts > /dev/null <<'${end}'`, ...here],
  };
  const text = ["@'", "", ...safe, "'@"];
  return {
    linux: { id: "linux", name: "Linux", me, everyone },
    mac: {
      id: "macos",
      name: "macOS",
      me,
      everyone,
      note: "Homebrew's ssh reads the same file for yourself, but another one for everyone, in Homebrew's own folder.",
    },
    windows: {
      id: "windows",
      name: "Windows",
      me: {
        file: "%USERPROFILE%\\.ssh\\known_hosts",
        where: ", in PowerShell",
        lines: [
          'New-Item -ItemType Directory -Force "$env:USERPROFILE\\.ssh" | Out-Null',
          ...withLast(text, ' | Add-Content -Encoding ascii "$env:USERPROFILE\\.ssh\\known_hosts"'),
        ],
      },
      everyone: {
        file: "C:\\ProgramData\\ssh\\ssh_known_hosts",
        where: ", in PowerShell as administrator",
        lines: withLast(text, ' | Add-Content -Encoding ascii "$env:ProgramData\\ssh\\ssh_known_hosts"'),
      },
      note: "Git for Windows has an ssh of its own, which reads your file too. In WSL, follow the instructions for Linux.",
    },
  };
}

const end = "END_OF_KNOWN_HOSTS";

const withLast = (lines: readonly string[], more: string) =>
  lines.map((line, index) => (index === lines.length - 1 ? line + more : line));
