import { standInProvider } from "#e2e/cluster/stand-in/provider.ts";
import { serveProvider } from "#e2e/stand-in/serve-provider.ts";

await serveProvider(standInProvider());
