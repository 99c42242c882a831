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
import { directory } from "./directory.js";
import { fleetFile } from "./fleet-file.js";
import { leaver } from "./leaver.js";
import { hostEnrols } from "./host-enrols.js";
import { hostFaults } from "./host-faults.js";
import { otherWaysIn } from "./other-ways-in.js";
import { besideTheHost } from "./beside-the-host.js";
import { plainSsh } from "./plain-ssh.js";
import { peopleSignIn } from "./people-sign-in.js";

type ChapterOf = (names: LabNames) => Chapter;

/** The parts of the story, in order. Chapters are counted through. */
const byPart = {
  tutorial: [
    firstContact,
    bobAndAlice,
    changedHostKey,
    () => vaultAsCa, // it names nothing that differs between labs
    signedHostKeys,
    userCertificates,
    shortLives,
    refusals,
  ],
  lab: [fiveExperiments, fiveSigned, handshake, eveInTheMiddle, collectedKeys, offlineCa, likeTls],
  fleet: [fleetFile, leaver, hostEnrols, hostFaults, peopleSignIn, otherWaysIn, plainSsh, besideTheHost, directory],
} as const satisfies Readonly<Record<string, readonly ChapterOf[]>>;

export type PartName = keyof typeof byPart;
export const partNames = Object.keys(byPart) as readonly PartName[];

const story: readonly ChapterOf[] = partNames.flatMap((name) => byPart[name]);

/** How many chapters there are; they are the same ones in every lab. */
export const chapterCount = story.length;

/** The numbers of a part's chapters, from 1. */
export function chaptersOf(part: PartName): readonly number[] {
  const first = story.indexOf(byPart[part][0]) + 1;
  return byPart[part].map((_chapter, index) => first + index);
}

/** The chapters as they are typed and seen in a lab. */
export const storyOf = (names: LabNames): readonly Chapter[] => story.map((chapter) => chapter(names));
