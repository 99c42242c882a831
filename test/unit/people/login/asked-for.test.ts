/** What a call of ssh asks for that a certificate has to permit. */
import { describe, expect, test } from "@jest/globals";
import { askedFor, asksForTerminal, type Surroundings } from "../../../../src/people/login/asked-for.js";
import type { ClientConfig } from "../../../../src/ssh/client/config.js";

const all: Surroundings = { hasAgent: true, hasDisplay: true };
const on = { forwardAgent: "yes", forwardsX11: true };

describe("by name", () => {
  test.each<[line: string, found: string, config?: Partial<typeof on>, around?: Partial<Surroundings>]>([
    ["web", ""],
    ["web ls -L x", ""],
    ["-L 1:a:1 -L 2:b:2 web", "-L port-forwarding"],
    ["web -fND 1080", "-D port-forwarding"],
    ["-R 1:a:1 web", "-R port-forwarding"],
    ["-W a:1 web", "-W port-forwarding"],
    ["-oLocalForward=1 web", "-o LocalForward port-forwarding"],
    ["-o dynamicforward web", "-o dynamicforward port-forwarding"],
    ["-AX -L 1:a:1 web", "-A agent-forwarding, -X x11-forwarding, -L port-forwarding"],
    ["-Y web", "-Y x11-forwarding"],
    ["-oForwardAgent=yes web", "-o ForwardAgent agent-forwarding"],
    ["-A -a web", "", { forwardAgent: "no" }],
    ["-A web", "", {}, { hasAgent: false }],
    ["-X web", "", {}, { hasDisplay: false }],
    ["-X -x web", "", { forwardsX11: false }],
    ["-t web", ""],
    ["-oPort=22 web", ""],
  ])("%s: %s", (line, found, config = {}, around = {}) => {
    const asked = askedFor(line.split(" "), { ...on, ...config }, { ...all, ...around });
    expect(asked.map(({ by, permission }) => `${by} ${permission}`).join(", ")).toBe(found);
  });
});

describe("a terminal", () => {
  test.each<[line: string, tty: ClientConfig["tty"], isTerminal: boolean, asks: boolean]>([
    ["web", "auto", true, true],
    ["web", "auto", false, false],
    ["web ls", "auto", true, false],
    ["-t web ls", "yes", true, true],
    ["-t web ls", "yes", false, false],
    ["-tt web ls", "force", false, true],
    ["-T web", "no", true, false],
    ["-N web", "auto", true, false],
    ["-W a:1 web", "auto", true, false],
    ["-s web sftp", "auto", true, false],
  ])("%s (%s, at a terminal: %s): %s", (line, tty, isTerminal, asks) => {
    expect(asksForTerminal(line.split(" "), { tty }, isTerminal)).toBe(asks);
  });
});
