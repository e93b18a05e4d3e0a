import type { ApiServer } from "#e2e/cluster/api.ts";
import type { gateway } from "#e2e/cluster/gateway.ts";

/** What the checks run on: a portal, and a cluster as the portal knows it and as an administrator does. */
export type Place = {
  /** an API key of the portal's admin */
  key: string;
  /** the cluster's name in the portal */
  target: string;
  /** the one that the portal has, of an account with no more rights than our role gives */
  kubeconfig: string;
  /** where the images of our own are */
  imagePrefix: string;
  /** with an administrator's rights, for looking behind the portal */
  admin: ApiServer;
  /** of a test cluster; null where the cluster is a given one */
  own: {
    /** images that answer with what they were asked; the second is the first under another tag */
    echoImages: [string, string];
    /** the same image, made to run as root */
    rootImage: string;
    gateway: typeof gateway;
    nodeName: string;
  } | null;
  /** where the model of Google's cloud before the test cluster is told what to do; null where there is none */
  cloud: string | null;
  /** where that model's APIs are; null where there is none */
  google: string | null;
};

declare module "vitest" {
  interface ProvidedContext {
    place: Place;
  }
}
