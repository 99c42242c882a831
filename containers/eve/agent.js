/**
 * A false ssh-agent: it claims the stolen host key, and signs with a key of Eve's. That is all that can be done with a
 * certificate whose private key one does not have. The protocol: draft-ietf-sshm-ssh-agent, sections 3.5 and 3.6.
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
const SIGN_REQUEST = 13;
const SIGN_RESPONSE = 14;
const FAILURE = 5;

const stolen = Buffer.from(readFileSync("stolen.pub", "utf8").split(" ")[1] ?? "", "base64");
const { privateKey } = generateKeyPairSync("ed25519");

const uint32 = (number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};
const string = (text) => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)]);
const message = (type, ...parts) => string(Buffer.concat([Buffer.from([type]), ...parts]));

function answer(request) {
  if (request[0] === REQUEST_IDENTITIES) return message(IDENTITIES_ANSWER, uint32(1), string(stolen), string("stolen"));
  if (request[0] !== SIGN_REQUEST) return message(FAILURE);
  const key = 1 + 4 + request.readUInt32BE(1);
  const data = request.subarray(key + 4, key + 4 + request.readUInt32BE(key));
  const signature = Buffer.concat([string("ssh-ed25519"), string(sign(null, data, privateKey))]);
  return message(SIGN_RESPONSE, string(signature));
}

createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
      const end = 4 + received.readUInt32BE(0);
      socket.write(answer(received.subarray(4, end)));
      received = received.subarray(end);
    }
  });
}).listen("agent.sock");
