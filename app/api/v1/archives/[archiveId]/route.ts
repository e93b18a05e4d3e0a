import { archiveView } from "#lib/archives/archive-view.ts";
import { getArchive } from "#lib/archives/get-archive.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const GET = defineRoute({
  summary: "Read what an uploaded archive of static files has in it",
  answer: archiveView,
  run: (ctx, { params }) => getArchive(ctx, params.archiveId ?? ""),
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
