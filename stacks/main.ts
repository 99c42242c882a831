/** The CDKTF app: one line per stack. Run by `cdktf synth`, and by the tasks in the same way (see cdktf.json). */
import { App } from "cdktf";
import { hostRole, userRole } from "../src/roles.js";
import { CloudHostsStack } from "./cloud-hosts.js";
import { SshCaStack } from "./ssh-ca.js";

const app = new App();
// The lab may throw its mounts away; anyone else's hold signing keys that cannot be had again.
const protect = app.node.tryGetContext("lab") !== true;

new SshCaStack(app, "host-ssh", { role: hostRole, protect });
new SshCaStack(app, "user-ssh", { role: userRole, protect });
new CloudHostsStack(app, "cloud-hosts");

app.synth();
