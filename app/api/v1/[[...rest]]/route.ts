import { SluiceError } from "#lib/errors.ts";
import { problemResponse } from "#lib/web/problem.ts";

/** Any address of the API that isn't one. */
function unknown(): Response {
  return problemResponse(
    new SluiceError("not_found", "There is no such address. /api/v1/openapi.json lists what there is."),
  );
}

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
