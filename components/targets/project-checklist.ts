import type { ChecklistItem } from "#components/targets/checklist.ts";
import { count } from "#components/targets/project-words.ts";
import type { ProjectFindings } from "#lib/targets/gke/findings.ts";
import {
  missingProjectRights,
  projectLack,
  projectOffersOf,
  staticContentLack,
} from "#lib/targets/gke/project-offers.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";
import { shortageInWords, shortages } from "#lib/targets/gke/quota.ts";

/** What can be deployed in a project and what can't, and why. */
export function projectChecklist(settings: ProjectSettings, found: ProjectFindings): ChecklistItem[] {
  const { ownClusterRefusal } = projectOffersOf(found, settings);
  const noFiles = staticContentLack(found);
  return [
    ownCluster(found, ownClusterRefusal !== null),
    existingClusters(found),
    {
      title: "Static content",
      tone: noFiles === null ? "ok" : "warn",
      found: noFiles ?? "Files can be served from a bucket of the deployment’s own.",
    },
    figures(found),
    cleanUp(found),
    {
      title: "Models",
      tone: settings.imagePrefix === null ? "neutral" : "ok",
      found:
        settings.imagePrefix === null
          ? "Container images alone."
          : `Container images, and the catalogue’s models from ${settings.imagePrefix} once “npm run images” has pushed them there, which isn’t looked at.`,
      ...(settings.imagePrefix === null && {
        todo: "For the catalogue’s models push their images (npm run images -- PREFIX) and set the prefix below.",
      }),
    },
  ];
}

/** Who reads this can mend it, so it isn't said in the form's words, which send people to an admin. */
function ownCluster(found: ProjectFindings, isRefused: boolean): ChecklistItem {
  const { quotas, nodeAccount } = found;
  const title = "Clusters of their own";
  if (projectLack(found)) return { title, tone: "bad", found: "None can be made: see above." };
  if (isRefused)
    return nodeAccount === null
      ? {
          title,
          tone: "warn",
          found: "None can be made: there is no account that nodes could act as.",
          todo: "Set the node service account in the settings below; the script under Targets (Add a Google project) makes one.",
        }
      : {
          title,
          tone: "warn",
          found:
            "None can be made: nodes would act as an account that is missing, or that Sluice may not use.",
          todo: "Which one, and what to do, is above.",
        };
  const needs = (quotas ?? []).map(({ metric, region, asked }) => ({ metric, region, amount: asked }));
  const short = shortages(needs, quotas ?? []);
  if (short.length === 0)
    return {
      title,
      tone: "ok",
      found: quotas
        ? "Can be made: the quotas leave room for one as the form has it at first."
        : "Can be made; what the quotas leave may not be read.",
    };
  return {
    title,
    tone: "warn",
    found: "The quotas leave no room for one as the form has it at first.",
    todo: `${short.map(shortageInWords).join(". ")}.`,
  };
}

function existingClusters(found: ProjectFindings): ChecklistItem {
  const title = "Existing clusters";
  const { clusters } = found;
  if (!clusters) return { title, tone: "warn", found: "They may not be read." };
  if (clusters.length === 0) return { title, tone: "neutral", found: "There is none in this region." };
  if (projectLack(found)) return { title, tone: "bad", found: "None can be used: see above." };
  const usable = clusters.filter(({ problems }) => problems.length === 0);
  const out = clusters.length - usable.length;
  const names = usable.map(({ name }) => name).join(", ");
  return {
    title,
    tone: usable.length > 0 ? "ok" : "neutral",
    found: [
      usable.length > 0 ? `Can be used: ${names}.` : "None can be used.",
      out > 0 && usable.length > 0 ? `${count(out, "other")} can’t; why is below.` : "",
      usable.length === 0 ? "Why is below." : "",
    ]
      .filter(Boolean)
      .join(" "),
  };
}

function figures(found: ProjectFindings): ChecklistItem {
  const lacking = missingProjectRights(found, "figures").length > 0;
  return {
    title: "Figures and log",
    tone: lacking ? "warn" : "ok",
    found: lacking
      ? "Where Google routes the requests, their numbers or their log can’t be read; HAProxy’s still can."
      : "Can be read from Google, some minutes late; HAProxy’s at once.",
  };
}

function cleanUp(found: ProjectFindings): ChecklistItem {
  const lacking = missingProjectRights(found, "sweep").length > 0;
  return {
    title: "Clean-up",
    tone: lacking ? "warn" : "ok",
    found: lacking
      ? "Disks and machines that GKE leaves behind are listed on the receipt, but can’t be removed from here."
      : "What GKE leaves behind can be removed from the receipt.",
  };
}
