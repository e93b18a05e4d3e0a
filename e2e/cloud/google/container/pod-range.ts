import { GoogleError, notModelled } from "#e2e/cloud/google/google-error.ts";
import { objectAt, objectsAt, stringAt, type JsonObject } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";

/**
 * A pool with the range that its pods' addresses are of: one of the subnetwork's that the pool names, else the cluster's.
 *
 * @throws GoogleError 400 for a range that the subnetwork doesn't have
 */
export function withPodRange(model: Model, cluster: JsonObject, pool: JsonObject): JsonObject {
  const given = objectAt(pool, "networkConfig");
  if (given.createPodRange === true) throw notModelled("Ranges that are made for a pool");
  const policy = objectAt(cluster, "ipAllocationPolicy");
  const podRange = stringAt(given, "podRange");
  const range =
    podRange === ""
      ? {
          podRange: stringAt(policy, "clusterSecondaryRangeName"),
          cidr: stringAt(policy, "clusterIpv4CidrBlock"),
        }
      : { podRange, cidr: cidrOf(model, cluster, podRange) };
  const shown = { podRange: range.podRange, podIpv4CidrBlock: range.cidr };
  return range.cidr === "" ? pool : { ...pool, networkConfig: { ...given, ...shown } };
}

function cidrOf(model: Model, cluster: JsonObject, name: string): string {
  const subnetwork = stringAt(objectAt(cluster, "networkConfig"), "subnetwork");
  const ranges = objectsAt(model.store.get(`compute/${subnetwork}`)?.body ?? {}, "secondaryIpRanges");
  const found = ranges.find(({ rangeName }) => rangeName === name);
  if (found) return stringAt(found, "ipCidrRange");
  const message = `Pod secondary range "${name}" does not exist in subnetwork "${subnetwork}".`;
  throw new GoogleError(400, "badRequest", message);
}
