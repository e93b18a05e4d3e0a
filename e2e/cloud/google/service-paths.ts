import type { Method } from "#e2e/cloud/google/discovery.ts";
import { notModelled } from "#e2e/cloud/google/google-error.ts";
import type { DocumentName } from "#e2e/cloud/google/obtain-discovery.ts";

/** Where each API is on this one server: what follows is the path in its documents. */
export const prefixes: { path: string; document: DocumentName; upload?: boolean }[] = [
  { path: "/compute/beta/", document: "compute.beta" },
  { path: "/upload/storage/v1/", document: "storage.v1", upload: true },
  { path: "/storage/v1/", document: "storage.v1" },
  { path: "/container/", document: "container.v1beta1" },
  { path: "/iam/", document: "iam.v1" },
  { path: "/cloudresourcemanager/", document: "cloudresourcemanager.v1" },
  { path: "/monitoring/", document: "monitoring.v3" },
  { path: "/logging/", document: "logging.v2" },
  { path: "/serviceusage/", document: "serviceusage.v1" },
];

/** The addresses to override a client's with; each ends in its version and a slash, as clients want it. */
export const endpointsAt = (url: string) => ({
  compute: `${url}/compute/beta/`,
  container: `${url}/container/v1beta1/`,
  storage: `${url}/storage/v1/`,
  iam: `${url}/iam/v1/`,
  cloudResourceManager: `${url}/cloudresourcemanager/v1/`,
  monitoring: `${url}/monitoring/v3/`,
  logging: `${url}/logging/v2/`,
  serviceUsage: `${url}/serviceusage/v1/`,
  token: `${url}/token`,
  tokenInfo: `${url}/tokeninfo`,
  metadata: url.replace(/^https?:\/\//, ""),
});

export type Endpoints = ReturnType<typeof endpointsAt>;

/** @throws GoogleError 501 for an upload to what takes none, or in steps */
export function admitUpload(method: Method, query: URLSearchParams): void {
  const type = query.get("uploadType");
  if (method.id !== "storage.objects.insert" || (type !== "media" && type !== "multipart")) {
    throw notModelled(`an upload of the type ${type ?? "none"} by ${method.id}`);
  }
}
