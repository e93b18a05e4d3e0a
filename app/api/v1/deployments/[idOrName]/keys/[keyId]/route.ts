import { revokeEndpointKey } from "#lib/deployments/endpoint-keys.ts";
import { endpointKeyView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const DELETE = defineRoute({
  summary: "Revoke a key to a deployment's endpoint, at once",
  answer: endpointKeyView,
  run: (ctx, { params }) => revokeEndpointKey(ctx, params.idOrName ?? "", params.keyId ?? ""),
});

export const { GET, POST, PUT, PATCH } = otherMethods("DELETE");
