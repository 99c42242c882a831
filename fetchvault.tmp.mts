import { fetchHashicorpVault, fetchMinio } from "./lab/toolchain/go-programs.js";
import { fetchOpenTofu } from "./src/toolchain/go-program.js";
import { readLabSettings } from "./lab/settings/lab.js";
import { silent } from "./src/ground/progress.js";
import { GoWorkshop } from "./src/toolchain/go-workshop.js";
const settings = readLabSettings();
await using workshop = new GoWorkshop(settings, silent);
for (const f of [fetchHashicorpVault, fetchOpenTofu, fetchMinio]) console.log(await f(settings, silent, { workshop }));
