import { revokeApiKey } from "#lib/auth/api-keys.ts";
import { apiKeyView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const DELETE = defineRoute({
  summary: "Revoke one of your API keys, at once",
  answer: apiKeyView,
  run: (ctx, { params }) => revokeApiKey(ctx, params.keyId ?? ""),
});

export const { GET, POST, PUT, PATCH } = otherMethods("DELETE");
