import { archiveView } from "#lib/archives/archive-view.ts";
import { archiveLimits } from "#lib/archives/limits.ts";
import { archiveName, storeArchive } from "#lib/archives/store-archive.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary:
    "Upload a zip of static files, for a deployment on Google Cloud to serve; anybody may read them then",
  query: archiveName,
  bodyType: "application/zip",
  bodyLimitBytes: archiveLimits.bytes,
  answer: archiveView,
  status: 201,
  run: (ctx, { query, body }) => storeArchive(ctx, query, body as Buffer),
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
