import { standInProvider } from "#e2e/cloud/stand-in/provider.ts";
import { serveProvider } from "#e2e/stand-in/serve-provider.ts";
import { systemClock } from "#lib/clock.ts";

await serveProvider(standInProvider(process.env, systemClock));
