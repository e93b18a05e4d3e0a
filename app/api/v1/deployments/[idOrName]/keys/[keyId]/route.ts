import { revokeEndpointKey } from "#lib/deployments/endpoint-keys.ts";
import { endpointKeyView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";

export const DELETE = defineRoute({
  summary: "Revoke a key to a deployment's endpoint, at once",
  answer: endpointKeyView,
  run: (ctx, { params }) => revokeEndpointKey(ctx, params.idOrName ?? "", params.keyId ?? ""),
});
