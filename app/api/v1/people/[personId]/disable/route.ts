import { disablePerson } from "#lib/auth/people.ts";
import { personView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary: "Disable a person: their sessions, keys and unused invitations end, deployments stay; for admins",
  answer: personView,
  run: (ctx, { params }) => disablePerson(ctx, params.personId ?? ""),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
