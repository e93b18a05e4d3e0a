// `npm start`: the way from a fresh clone, under whatever Node there is, to infra/start/main.ts under Node 26.
import { installPackages, requireMachine } from "./install.mjs";
import { become } from "./node26.mjs";

requireMachine();
await installPackages();
become("infra/start/main.ts", process.argv.slice(2));
