// `npm test` and `npm run test:plugins`: from a fresh clone to all checks, under whatever Node there is.
import { installPackages, requireMachine } from "./install.mjs";
import { become } from "./node26.mjs";

requireMachine();
await installPackages();
const [command, ...args] = process.argv.slice(2);
become(`infra/start/${command}.ts`, args);
