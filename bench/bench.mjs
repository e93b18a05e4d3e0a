// `npm run bench`: under whatever Node there is, to bench/main.ts under Node 26.
import { installPackages, requireMachine } from "../infra/start/install.mjs";
import { become } from "../infra/start/node26.mjs";

requireMachine();
await installPackages();
become("bench/main.ts", process.argv.slice(2));
