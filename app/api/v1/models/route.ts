import { itemsOf, modelView } from "#lib/web/answer-schemas.ts";
import { catalogue } from "#lib/models/catalogue.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "List the models that Sluice can serve by itself",
  answer: itemsOf(modelView),
  run: async () => ({ items: catalogue.map(({ entry: _, ...model }) => model) }),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
