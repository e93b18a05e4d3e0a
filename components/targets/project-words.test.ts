import { expect, test } from "vitest";
import { formatMachineMemory, splitCommand } from "#components/targets/project-words.ts";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";
import { quotaAmount, quotaWords } from "#lib/targets/gke/quota-words.ts";

test.each([
  [
    "Enable it, or run gcloud services enable compute.googleapis.com. It takes minutes.",
    "gcloud services enable compute.googleapis.com",
  ],
  [
    "Give it: gcloud projects add-iam-policy-binding p --member=user:a@b.com --role=roles/x.y",
    "gcloud projects add-iam-policy-binding p --member=user:a@b.com --role=roles/x.y",
  ],
  ["Take that back (gcloud projects undelete p), or not.", "gcloud projects undelete p"],
  [
    "Run gcloud auth application-default login where the worker runs.",
    "gcloud auth application-default login",
  ],
  ["Choose one: gcloud compute zones list.", "gcloud compute zones list"],
  ["See what gcloud's own file says.", null],
])("of %j the command is %j", (text, command) => {
  const split = splitCommand(text);
  expect(split.command).toBe(command);
  expect(split.before + (split.command ?? "") + split.after).toBe(text);
});

test("each gap's command is whole", () => {
  const nodes = { email: "nodes@demo-proj.iam.gserviceaccount.com", exists: true, mayActAs: false };
  const { trouble: _trouble, gaps: _gaps, ...found } = projectFindingsForTest({ nodeAccount: nodes });
  const rights = found.rights!.map((right) => ({ ...right, denied: ["a.b.c"] }));
  const commands = gapsOf({ ...found, rights }).map(({ todo }) => splitCommand(todo).command);
  expect(commands).toHaveLength(rights.length + 1);
  for (const command of commands)
    expect(command).toMatch(/^gcloud .* --member=serviceAccount:\S+\.com --role=roles\/\S+$/);
});

test("quotas and memory are in people's words", () => {
  const region = "us-central1";
  expect(quotaWords({ metric: "CPUS_ALL_REGIONS", region: null })).toBe("CPUs in all regions");
  expect(quotaWords({ metric: "NETWORKS", region: null })).toBe("Networks in the project");
  expect(quotaWords({ metric: "SSD_TOTAL_GB", region })).toBe(`SSD disks in ${region}`);
  expect(quotaAmount(1500, "SSD_TOTAL_GB")).toBe("1,500 GB");
  expect(quotaAmount(3, "CPUS")).toBe("3");
  expect(quotaWords({ metric: "PREEMPTIBLE_NVIDIA_T4_GPUS", region })).toBe(
    "Spot NVIDIA T4 GPUs in us-central1",
  );
  expect([3840, 16_384, 614].map(formatMachineMemory)).toEqual(["3.75 GiB", "16 GiB", "0.6 GiB"]);
});
