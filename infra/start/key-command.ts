import { createApiKey } from "#lib/auth/api-keys.ts";
import { onRunning } from "#infra/start/running.ts";

// `npm run --silent key -- NAME`: the key alone is the last line of standard output, for scripts.
await onRunning("npm run key", async ({ ctx }) => {
  const name = process.argv[2];
  if (!name) throw new Error("Give the key a name: npm run --silent key -- NAME");
  const { key, prefix } = await createApiKey(ctx, { name });
  process.stderr.write(`API key "${name}" (${prefix}…) of the admin. It is shown this once:\n`);
  process.stdout.write(`${key}\n`);
});
