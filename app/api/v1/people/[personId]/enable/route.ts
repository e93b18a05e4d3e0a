import { enablePerson } from "#lib/auth/people.ts";
import { personView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Let a disabled person in again; for admins",
  answer: personView,
  run: (ctx, { params }) => enablePerson(ctx, params.personId ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
