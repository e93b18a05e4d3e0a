import { createEndpointKey, endpointKeyInput, listEndpointKeys } from "#lib/deployments/endpoint-keys.ts";
import { endpointKeyView, itemsOf, newKey } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List the keys to a deployment's endpoint",
  answer: itemsOf(endpointKeyView),
  run: async (ctx, { params }) => ({ items: await listEndpointKeys(ctx, params.idOrName ?? "") }),
});

export const POST = defineRoute({
  summary: "Make a key that opens this endpoint and nothing else; it is shown this once",
  body: endpointKeyInput,
  answer: newKey(endpointKeyView),
  status: 201,
  run: (ctx, { params, body }) => createEndpointKey(ctx, params.idOrName ?? "", body),
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
