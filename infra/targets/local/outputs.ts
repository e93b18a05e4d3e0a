import * as z from "zod";
import { EngineError } from "#infra/engine/driver.ts";
import type { EndpointView } from "#lib/deployments/view.ts";

const outputs = z.object({
  endpoint: z.object({
    url: z.url(),
    ip: z.string(),
    port: z.int(),
    access: z.enum(["private", "open"]),
    certificate: z.string().nullish(),
  }),
});

/** What the local program's outputs say of the endpoint. @throws EngineError if they don't have one */
export function endpointOf(programOutputs: unknown): EndpointView {
  const parsed = outputs.safeParse(programOutputs);
  if (parsed.success) return parsed.data.endpoint;
  const message = "The local runtime made an endpoint, but didn't say where. Its log may say more.";
  throw new EngineError("endpoint_failed", message, [], parsed.error);
}
