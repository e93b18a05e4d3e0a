import type { ApiServer } from "#e2e/cluster/api.ts";
import type { gateway } from "#e2e/cluster/gateway.ts";

/** The cluster that the checks run on, as the portal knows it and as an administrator does. */
export type Place = {
  /** the target's name in the portal */
  target: string;
  /** with an administrator's rights, for looking behind the portal */
  admin: ApiServer;
  /** of a test cluster; null where the cluster is a given one */
  own: {
    /** images that answer with what they were asked, the second one under another tag */
    echoImages: [string, string];
    gateway: typeof gateway;
  } | null;
};

declare module "vitest" {
  interface ProvidedContext {
    place: Place;
    portal: { url: string; home: string; key: string };
  }
}
