// `npm run NAME`: infra/start/NAME.ts under Node 26.
import { become } from "./node26.mjs";

const [name, ...args] = process.argv.slice(2);
become(`infra/start/${name}.ts`, args);
