import type { AccountFound, ProjectFindings, Trouble } from "#lib/targets/gke/findings.ts";
import { quotaLink, shortageInWords, shortages } from "#lib/targets/gke/quota.ts";
import { actAsRole } from "#lib/targets/gke/rights.ts";

/** What is missing in a project that answered, each with what to do about it. */
export function gapsOf(found: Omit<ProjectFindings, "gaps" | "trouble">): Trouble[] {
  const id = found.project?.id ?? "";
  return [
    ...apiGaps(found),
    ...rightGaps(found, id),
    ...quotaGaps(found, id),
    ...accountGaps(found.nodeAccount, "Nodes of own clusters are to act as it.", found.identity),
    ...accountGaps(
      found.defaultAccount,
      "The first node of a new cluster acts as it for a minute, until the cluster's own pool is made.",
      found.identity,
    ),
  ];
}

function apiGaps({ apis }: Pick<ProjectFindings, "apis">): Trouble[] {
  return apis
    .filter(({ enabled }) => enabled === false)
    .map(({ name, title, link }) => ({
      code: "api_disabled",
      message: `The ${title} isn't enabled in the project.`,
      todo: `Enable it on Google's page, or run: gcloud services enable ${name}. It takes a few minutes to be known everywhere.`,
      link,
    }));
}

function rightGaps(
  { rights, identity }: Pick<ProjectFindings, "rights" | "identity">,
  id: string,
): Trouble[] {
  return (rights ?? [])
    .filter(({ denied }) => denied.length > 0)
    .map(({ role, title, why, denied }) => ({
      code: "right_missing",
      message: `The account lacks ${denied.length === 1 ? "a right" : `${denied.length} rights`} to ${why}: ${denied.join(", ")}.`,
      todo: `Give it the role ${title}: gcloud projects add-iam-policy-binding ${id} --member=${memberOf(identity)} --role=${role}`,
      link: `https://console.cloud.google.com/iam-admin/iam?project=${encodeURIComponent(id)}`,
    }));
}

function quotaGaps({ quotas }: Pick<ProjectFindings, "quotas">, id: string): Trouble[] {
  const needs = (quotas ?? []).map(({ metric, region, asked }) => ({ metric, region, amount: asked }));
  return shortages(needs, quotas ?? []).map((shortage) => ({
    code: "quota_short",
    message: `The project's quota doesn't suffice for one deployment as the form has it at first. ${shortageInWords(shortage)}.`,
    todo: "Ask Google for more, or tear down what isn't used. A smaller machine or fewer nodes may fit.",
    link: quotaLink(id),
  }));
}

function accountGaps(found: AccountFound | null, what: string, identity: string | null): Trouble[] {
  if (!found) return [];
  if (found.exists === false)
    return [
      {
        code: "node_account_missing",
        message: `There is no service account ${found.email}. ${what}`,
        todo: "Make it with the script under Targets (Add a Google project), or give the target another one. A default account that was deleted can be had back: gcloud iam service-accounts undelete UNIQUE-ID.",
        link: null,
      },
    ];
  if (found.mayActAs !== false) return [];
  return [
    {
      code: "node_account_denied",
      message: `The account may not run machines as ${found.email}. ${what}`,
      todo: `Give it that right: gcloud iam service-accounts add-iam-policy-binding ${found.email} --member=${memberOf(identity)} --role=${actAsRole}`,
      link: null,
    },
  ];
}

function memberOf(identity: string | null): string {
  if (!identity) return "serviceAccount:ADDRESS";
  return identity.endsWith(".gserviceaccount.com") ? `serviceAccount:${identity}` : `user:${identity}`;
}
