import { createSignInLink } from "#lib/auth/sign-in-links.ts";
import { routes } from "#lib/routes.ts";
import { onRunning } from "#infra/start/running.ts";

// `npm run sign-in-link -- EMAIL`: for who is locked out; without an address, for the admin.
await onRunning("npm run sign-in-link", async ({ ctx, url }) => {
  const { token, email, expiresAt } = await createSignInLink(
    ctx,
    process.argv[2] ? { email: process.argv[2] } : {},
  );
  process.stderr.write(`Signs ${email} in once, until ${expiresAt}:\n`);
  process.stdout.write(`${url}${routes.signInLink(token)}\n`);
});
