import { getDrift, requestDrift } from "#lib/deployments/drift.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { driftView } from "#lib/web/drift-schema.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "What of a deployment on a cluster isn't as it was declared, by the newest look; else null",
  answer: driftView.nullable(),
  run: (ctx, { params }) => getDrift(ctx, params.idOrName ?? ""),
});

export const POST = defineRoute({
  summary: "Ask for a look now; `checking` is true until it was done",
  status: 202,
  answer: driftView.nullable(),
  run: (ctx, { params }) => requestDrift(ctx, params.idOrName ?? ""),
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
