import { listPeople, peopleInput } from "#lib/auth/people.ts";
import { peopleView } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List everybody and who is invited; for admins",
  query: peopleInput,
  answer: peopleView,
  run: (ctx, { query }) => listPeople(ctx, query),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
