/** The story, in order. */
import type { LabNames } from "../names.js";
import type { Chapter } from "../runner/chapter.js";
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

const story: readonly ((names: LabNames) => Chapter)[] = [
  firstContact,
  bobAndAlice,
  changedHostKey,
  () => vaultAsCa, // it names nothing that differs between labs
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

/** How many chapters there are; they are the same ones in every lab. */
export const chapterCount = story.length;

/** The chapters as they are typed and seen in a lab. */
export const storyOf = (names: LabNames): readonly Chapter[] => story.map((chapter) => chapter(names));
