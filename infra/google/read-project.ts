import * as z from "zod";
import type { GoogleApi } from "#infra/google/api-client.ts";
import { generalRefusal } from "#infra/google/explain-trouble.ts";
import { GoogleError } from "#infra/google/google-error.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import { apiLink, neededApis, rights } from "#lib/targets/gke/rights.ts";

const project = z.looseObject({
  projectId: z.string(),
  projectNumber: z.string(),
  name: z.string().nullish(),
  lifecycleState: z.string(),
});
const services = z.looseObject({
  services: z.array(z.looseObject({ name: z.string(), state: z.string() })).nullish(),
});
const held = z.looseObject({ permissions: z.array(z.string()).nullish() });

/**
 * What was answered; null where the account may not ask, the API isn't enabled, or there is nothing. Whatever else
 * Google says is trouble of its own.
 */
export async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GoogleError && isAboutRights(error)) return null;
    throw error;
  }
}

/** Whether a refusal is one that rights or an enabled API would end, or there is nothing. */
export function isAboutRights(error: GoogleError): boolean {
  return [403, 404].includes(error.status) && generalRefusal(error, "") === null;
}

/** The project, and whether it is in use: one that is about to be deleted still answers. */
export async function readProject(api: GoogleApi, id: string, signal?: AbortSignal) {
  const path = `projects/${encodeURIComponent(id)}`;
  const found = project.parse(await api.request({ service: "resourceManager", path, signal }));
  return {
    id: found.projectId,
    number: found.projectNumber,
    name: found.name ?? found.projectId,
    isActive: found.lifecycleState === "ACTIVE",
  };
}

/** The APIs that Sluice needs, and which of them are enabled. */
export async function readApis(
  api: GoogleApi,
  id: string,
  signal?: AbortSignal,
): Promise<ProjectFindings["apis"]> {
  const parent = `projects/${id}`;
  const names = Object.keys(neededApis).map((name) => `${parent}/services/${name}`);
  const asked = api.request({
    service: "serviceUsage",
    path: `${parent}/services:batchGet`,
    query: { names },
    signal,
  });
  const answer = await unlessRefused(asked.then((found) => services.parse(found).services ?? []));
  const isEnabled = (name: string) =>
    answer?.find((each) => each.name.endsWith(`/services/${name}`))?.state === "ENABLED";
  return Object.entries(neededApis).map(([name, title]) => ({
    name,
    title,
    enabled: answer ? isEnabled(name) : null,
    link: apiLink(name, id),
  }));
}

/** Google takes so many in one question. */
const mostPermissions = 100;

/** Which of the rights the account lacks; null: Google doesn't say. */
export async function reviewRights(
  api: GoogleApi,
  id: string,
  signal?: AbortSignal,
): Promise<ProjectFindings["rights"]> {
  const all = rights.flatMap(({ permissions }) => permissions);
  const parts = Array.from({ length: Math.ceil(all.length / mostPermissions) }, (_, part) =>
    all.slice(part * mostPermissions, (part + 1) * mostPermissions),
  );
  const answers = await unlessRefused(Promise.all(parts.map((part) => heldOf(api, id, part, signal))));
  if (!answers) return null;
  const allowed = new Set(answers.flat());
  return rights.map(({ permissions, ...right }) => ({
    ...right,
    denied: permissions.filter((permission) => !allowed.has(permission)),
  }));
}

/** Google refuses a whole question for one permission that it doesn't know any more: that one is passed over. */
async function heldOf(
  api: GoogleApi,
  id: string,
  permissions: string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const path = `projects/${encodeURIComponent(id)}:testIamPermissions`;
  const body = { permissions };
  const asked = { service: "resourceManager", method: "POST", path, body, isRead: true, signal } as const;
  try {
    return held.parse(await api.request(asked)).permissions ?? [];
  } catch (error) {
    if (!(error instanceof GoogleError && error.status === 400)) throw error;
    if (permissions.length === 1) return permissions;
    const middle = Math.ceil(permissions.length / 2);
    const halves = [permissions.slice(0, middle), permissions.slice(middle)];
    return (await Promise.all(halves.map((half) => heldOf(api, id, half, signal)))).flat();
  }
}
