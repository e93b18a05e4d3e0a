import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import type { AccountFound } from "#lib/targets/gke/findings.ts";
import { actAsPermission } from "#lib/targets/gke/rights.ts";

const held = z.looseObject({ permissions: z.array(z.string()).nullish() });

/** Whether a service account is there, and machines may be run as it. What may not be asked is null. */
export async function readAccount(
  api: GoogleApi,
  { project, email, signal }: { project: string; email: string; signal?: AbortSignal },
): Promise<AccountFound> {
  try {
    const answer = await api.request({
      service: "iam",
      method: "POST",
      path: `projects/${project}/serviceAccounts/${encodeURIComponent(email)}:testIamPermissions`,
      body: { permissions: [actAsPermission] },
      isRead: true,
      signal,
    });
    const mayActAs = held.parse(answer).permissions?.includes(actAsPermission) ?? false;
    return { email, exists: true, mayActAs };
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    if (error.status === 404) return { email, exists: false, mayActAs: null };
    if (error.status === 403) return { email, exists: null, mayActAs: null };
    throw error;
  }
}
