import { revokeApiKey } from "#lib/auth/api-keys.ts";
import { apiKeyView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";

export const DELETE = defineRoute({
  summary: "Revoke one of your API keys, at once",
  answer: apiKeyView,
  run: (ctx, { params }) => revokeApiKey(ctx, params.keyId ?? ""),
});
