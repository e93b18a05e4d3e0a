import { apiKeyInput, createApiKey, listApiKeys } from "#lib/auth/api-keys.ts";
import { apiKeyView, itemsOf, newKey } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List your API keys",
  answer: itemsOf(apiKeyView),
  run: async (ctx) => ({ items: await listApiKeys(ctx) }),
});

export const POST = defineRoute({
  summary: "Make an API key; it is shown this once",
  body: apiKeyInput,
  answer: newKey(apiKeyView),
  status: 201,
  run: (ctx, { body }) => createApiKey(ctx, body),
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
