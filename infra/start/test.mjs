// `npm test`: from a fresh clone to all checks, under whatever Node there is.
import { installPackages, requireMachine } from "./install.mjs";
import { become } from "./node26.mjs";

requireMachine();
await installPackages();
become("infra/start/test-command.ts", process.argv.slice(2));
