/** The story, in order. */
import type { Chapter } from "../runner/story.js";
import { firstContact } from "./first-contact.js";
import { bobAndAlice } from "./bob-and-alice.js";
import { changedHostKey } from "./changed-host-key.js";
import { vaultAsCa } from "./vault-as-ca.js";
import { signedHostKeys } from "./signed-host-keys.js";
import { userCertificates } from "./user-certificates.js";
import { shortLives } from "./short-lives.js";
import { handshake } from "./handshake.js";
import { likeTls } from "./like-tls.js";
import { offlineCa } from "./offline-ca.js";
import { refusals } from "./refusals.js";
import { eveInTheMiddle } from "./eve.js";
import { collectedKeys } from "./collected-keys.js";
import { fiveExperiments } from "./five-experiments.js";
import { fiveSigned } from "./five-signed.js";

export const chapters: readonly Chapter[] = [
  firstContact,
  bobAndAlice,
  changedHostKey,
  vaultAsCa,
  signedHostKeys,
  userCertificates,
  shortLives,
  refusals,
  fiveExperiments,
  fiveSigned,
  handshake,
  eveInTheMiddle,
  collectedKeys,
  offlineCa,
  likeTls,
];
