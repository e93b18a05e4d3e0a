import * as z from "zod";

/** A group of pods' addresses (NEG) in a zone, as Compute Engine shows it. */
export const group = z.looseObject({
  name: z.string(),
  description: z.string().nullish(),
  selfLink: z.string().nullish(),
  zone: z.string().nullish(),
  /** how many endpoints it has */
  size: z.int().nullish(),
});
export type Group = z.infer<typeof group>;

/** Where a Service is. */
export type ServiceRef = { namespace: string; service: string };

/** What GKE's controller writes into a group's description: whose it is (ingress-gce, pkg/neg/types). */
const written = z.looseObject({ namespace: z.string(), "service-name": z.string() });

/** The Service whose pods' addresses are in a group; null: GKE's controller hasn't made it. */
export function serviceOf({ description }: Pick<Group, "description">): ServiceRef | null {
  try {
    const { namespace, "service-name": service } = written.parse(JSON.parse(description ?? ""));
    return { namespace, service };
  } catch {
    return null;
  }
}
