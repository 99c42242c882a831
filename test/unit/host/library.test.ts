/** What the library refuses of a new host before any server is asked. */
import { expect, test } from "@jest/globals";
import { addHost, reissueHost, type NewHostOptions } from "../../../src/index.js";
import { refused } from "../../support/operator.js";

/** Nobody answers at port 1: whoever asks has another error. */
const settings = { address: "https://127.0.0.1:1", token: "s.none", tokenSource: "VAULT_TOKEN", namespace: undefined, tls: {} };
const seconds = "is not a whole number of seconds from 60 to 86400";

test.each<[what: Partial<NewHostOptions>, message: string]>([
  [{ valid: 59 }, `valid: "59" ${seconds}`],
  [{ valid: 86_401 }, `valid: "86401" ${seconds}`],
  [{ valid: 60.5 }, `valid: "60.5" ${seconds}`],
  [{ valid: Number.NaN }, `valid: "NaN" ${seconds}`],
  [{ cidrs: ["10.0.0.0/8", "10.0.0.1/8"] }, 'cidrs: "10.0.0.1/8" begins in the middle of its range'],
  [{ cidrs: ["all\u001b[2J"] }, 'cidrs: "all\\033[2J" is not a range of addresses'],
])("%j", async (what, message) => {
  for (const give of [addHost, reissueHost]) {
    const handed: string[] = [];
    const handOver = (text: string) => Promise.resolve(void handed.push(text));
    const error = await refused(give(settings, "web-1.example.org", { handOver, ...what }));
    expect({ code: error.code, message: error.message, handed }).toEqual({
      code: "HOST_OPTION_INVALID",
      message: expect.stringContaining(message),
      handed: [],
    });
  }
});
