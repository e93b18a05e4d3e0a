import { SluiceError } from "#lib/errors.ts";
import { problemResponse } from "#lib/web/problem.ts";

/** Answers for any address under /api that isn't one: Next's own answer would be a page. */
export function unknownAddress(): Response {
  return problemResponse(
    new SluiceError("not_found", "There is no such address. /api/v1/openapi.json lists what there is."),
  );
}
