/** `ssh-trust offline-ca`: a certificate authority in a folder, for rooms without network. */
import { verbGroup } from "../../../terminal/command.js";
import { exportTrust } from "./export.js";
import { importToVault } from "./import-to-vault.js";
import { init } from "./init.js";
import { list } from "./list.js";
import { signHost } from "./sign-host.js";
import { signUser } from "./sign-user.js";
import { verify } from "./verify.js";

export const offlineCa = verbGroup(
  "offline-ca",
  "a certificate authority in a folder: for rooms without network, and for roots kept in a safe",
  [init, signHost, signUser, list, verify, exportTrust, importToVault],
  ["init --domain lab.test", "sign-host web --from incoming/web", "export > known_hosts"],
);
