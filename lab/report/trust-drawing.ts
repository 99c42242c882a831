/** Who trusts whom, drawn twice: wide, and for narrow screens tall. The style sheet shows one of the two. */
import { hostRole, userRole } from "../roles.js";
import { Html, markup } from "../../src/page/html.js";
import { arrow, box, label, type Line } from "../../src/page/svg.js";
import type { LabNames } from "../names.js";
import { account, hostName } from "../story.js";

type Ports = LabNames["ports"];

const caption = (ports: Ports) =>
  "Vault's host CA signs the keys of two hosts, and one line in the client's known_hosts trusts that CA. " +
  `Its user CA signs Alice's key, and the host on port ${String(ports["ssh-with-trusted-user-ca"])} trusts that CA. ` +
  `Dashed is the old way: on port ${String(ports["ssh-with-authorized-keys"])} the client trusts whatever key it meets first, ` +
  "and Bob's key has to be copied to every host he uses.";

const minutes = String(userRole.ttl / 60);
const hours = String(hostRole.ttl / 3600);

const known: readonly Line[] = [
  ["code", "known_hosts"],
  ["code", `@cert-authority ${hostName}`],
];
const bob: readonly Line[] = [
  ["name", "Bob"],
  ["note", "a key, no certificate"],
];
const alice: readonly Line[] = [
  ["name", "Alice"],
  ["note", "a key and its certificate"],
];
const oldHost = (ports: Ports): readonly Line[] => [
  ["name", `Port ${String(ports["ssh-with-authorized-keys"])}, the old way`],
  ["code", "ssh-with-authorized-keys"],
  ["note", "host keys that nobody signed"],
  ["note", "authorized_keys: Bob's key"],
];
const signedHost = (ports: Ports): readonly Line[] => [
  ["name", `Port ${String(ports["ssh-with-signed-hostkey"])}`],
  ["code", "ssh-with-signed-hostkey"],
  ["note", "host keys signed by the host CA"],
  ["note", "authorized_keys: Bob's key"],
];
const trustingHost = (ports: Ports): readonly Line[] => [
  ["name", `Port ${String(ports["ssh-with-trusted-user-ca"])}`],
  ["code", "ssh-with-trusted-user-ca"],
  ["note", "host keys signed by the host CA"],
  ["note", "TrustedUserCAKeys: the user CA"],
  ["note", "no authorized_keys"],
];
const hostCa: readonly Line[] = [
  ["name", "Host CA"],
  ["code", hostRole.mount],
];
const userCa: readonly Line[] = [
  ["name", "User CA"],
  ["code", userRole.mount],
];

const wide = (ports: Ports): Html =>
  markup`<svg class="wide" viewBox="0 0 1000 672" role="img" aria-label="Drawing; the text below it says the same">
    ${box("place", { x: 2, y: 2, width: 248, height: 668 }, [["name", "The client"]], "top")}
    ${box("part", { x: 14, y: 46, width: 224, height: 86 }, known)}
    ${box("part", { x: 14, y: 150, width: 224, height: 258 }, bob)}
    ${box("part", { x: 14, y: 440, width: 224, height: 212 }, alice)}
    ${box("old", { x: 404, y: 150, width: 264, height: 116 }, oldHost(ports))}
    ${box("part", { x: 404, y: 292, width: 264, height: 116 }, signedHost(ports))}
    ${box("part", { x: 404, y: 440, width: 264, height: 138 }, trustingHost(ports))}
    ${box("place", { x: 782, y: 2, width: 216, height: 668 }, [["name", "Vault"]], "top")}
    ${box("part", { x: 796, y: 46, width: 188, height: 362 }, [
      ...hostCa,
      ["note", "signs host certificates"],
      ["note", `for ${hostName}, ${hours} hours`],
    ])}
    ${box("part", { x: 796, y: 440, width: 188, height: 212 }, [
      ...userCa,
      ["note", "signs user certificates"],
      ["note", `for ${account},`],
      ["note", `${minutes} minutes`],
    ])}
    ${arrow("trusts", [238, 89], [796, 89])}${label("trusts", [517, 79], "middle", "trusts every host key that this CA has signed")}
    ${arrow("old", [238, 184], [404, 184])}${label("old", [326, 175], "middle", "trust on first use")}
    ${arrow("login", [238, 216], [404, 216])}${label("login", [326, 207], "middle", "logs in")}
    ${arrow("old", [238, 248], [404, 248])}${label("old", [326, 239], "middle", "copied key")}
    ${arrow("login", [238, 334], [404, 334])}${label("login", [326, 325], "middle", "logs in")}
    ${arrow("old", [238, 374], [404, 374])}${label("old", [326, 365], "middle", "copied key")}
    ${arrow("login", [238, 510], [404, 510])}${label("login", [326, 501], "middle", "logs in")}${label("login", [326, 528], "middle", "with a certificate")}
    ${arrow("signs", [796, 330], [668, 330])}${label("signs", [726, 321], "middle", "signs")}
    ${arrow("signs", [796, 378], [726, 378], [726, 470], [668, 470])}${label("signs", [734, 430], "start", "signs")}
    ${arrow("trusts", [668, 540], [796, 540])}${label("trusts", [726, 531], "middle", "trusts")}
    ${arrow("signs", [796, 622], [238, 622])}${label("signs", [517, 612], "middle", `signs Alice's key, each time for ${minutes} minutes`)}
  </svg>`;

const tall = (ports: Ports): Html =>
  markup`<svg class="tall" viewBox="0 0 360 1092" role="img" aria-label="Drawing; the text below it says the same">
    ${box("place", { x: 40, y: 2, width: 280, height: 196 }, [["name", "The client"]], "top")}
    ${box("part", { x: 52, y: 42, width: 256, height: 66 }, known)} ${box("part", { x: 52, y: 120, width: 256, height: 66 }, bob)}
    ${box("old", { x: 40, y: 262, width: 280, height: 112 }, oldHost(ports))}
    ${box("part", { x: 40, y: 424, width: 280, height: 112 }, signedHost(ports))}
    ${box("place", { x: 40, y: 592, width: 280, height: 124 }, [["name", "Vault"]], "top")}
    ${box("part", { x: 52, y: 632, width: 122, height: 72 }, hostCa)}
    ${box("part", { x: 186, y: 632, width: 122, height: 72 }, userCa)}
    ${box("part", { x: 40, y: 772, width: 280, height: 134 }, trustingHost(ports))}
    ${box("place", { x: 40, y: 964, width: 280, height: 126 }, [["name", "The client, the same"]], "top")}
    ${box("part", { x: 52, y: 1004, width: 256, height: 74 }, alice)}
    ${arrow("trusts", [52, 75], [16, 75], [16, 668], [52, 668])}${label("trusts", [26, 404], "start", "trusts")}
    ${arrow("old", [66, 186], [66, 262])}${label("old", [74, 222], "start", "trust on", "first use")}
    ${arrow("old", [158, 186], [158, 262])}${label("old", [166, 222], "start", "copied", "key")}
    ${arrow("login", [236, 186], [236, 262])}${label("login", [244, 230], "start", "logs in")}
    ${arrow("login", [308, 153], [344, 153], [344, 480], [320, 480])}${label("login", [334, 404], "end", "logs in")}
    ${arrow("signs", [112, 632], [112, 536])}${label("signs", [122, 570], "start", "signs")}
    ${arrow("signs", [112, 704], [112, 772])}${label("signs", [122, 750], "start", "signs")}
    ${arrow("trusts", [247, 772], [247, 704])}${label("trusts", [257, 750], "start", "trusts")}
    ${arrow("login", [254, 1004], [254, 906])}${label("login", [244, 940], "end", "logs in with a certificate")}
    ${arrow("signs", [308, 668], [344, 668], [344, 1041], [308, 1041])}${label("signs", [334, 940], "end", "signs")}
  </svg>`;

export const trustDrawing = (ports: Ports): Html =>
  markup`<figure class="drawing">
    ${wide(ports)}${tall(ports)}
    <figcaption>${caption(ports)}</figcaption>
  </figure>`;
