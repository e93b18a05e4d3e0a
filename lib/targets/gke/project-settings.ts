import * as z from "zod";

/** What is stored in `target.settings` of a Google project. Project and location never change. */
export const projectSettings = z.strictObject({
  project: z.string(),
  /** a region, or a zone: then own clusters are in that zone alone */
  location: z.string(),
  /** whose credentials ask: an uploaded key, or what the worker's own machine has */
  account: z.enum(["key", "worker"]),
  /** whom nodes of own clusters act as; null: only existing clusters can be used */
  nodeServiceAccount: z.string().nullable(),
  /** where the built-in models' images were pushed to */
  imagePrefix: z.string().nullable(),
  /** HAProxy's image, where the official one can't be pulled */
  proxyImage: z.string().nullable(),
});
export type ProjectSettings = z.infer<typeof projectSettings>;
