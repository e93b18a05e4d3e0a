import { Readable } from "node:stream";
import { callEndpoint, callInput } from "#lib/deployments/call-endpoint.ts";
import { apiHeaders } from "#lib/web/api-headers.ts";
import { callAnswer } from "#lib/web/answer-schemas.ts";
import { defineRoute } from "#lib/web/define-route.ts";
import { otherMethods } from "#lib/web/other-methods.ts";

export const POST = defineRoute({
  summary:
    "Call a deployment's own endpoint with the portal's key; streamed events are passed on as they come",
  body: callInput,
  answer: callAnswer,
  streams: true,
  bodyLimitBytes: 12 * 1024 * 1024,
  async run(ctx, { params, body, request }) {
    const answer = await callEndpoint(ctx, params.idOrName ?? "", body, request.signal);
    if (!("stream" in answer)) return answer;
    return new Response(Readable.toWeb(answer.stream) as ReadableStream, {
      headers: {
        ...apiHeaders,
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
        "x-sluice-status": String(answer.status),
        ...(answer.replica === null ? {} : { "x-sluice-replica": answer.replica }),
        ...(answer.requestId === null ? {} : { "x-request-id": answer.requestId }),
      },
    });
  },
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
