/** Makes a key pair at the first argument with the ssh-keygen of the second, so that a test can kill this process. */
import { generateKeyPair } from "../../src/ssh/key-pair.js";

const [path = "", keygen = ""] = process.argv.slice(2);
await generateKeyPair({ path, type: "ed25519", comment: "alice", keygen });
