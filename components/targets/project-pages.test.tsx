import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { projectChecklist } from "#components/targets/project-checklist.ts";
import { ProjectApis } from "#components/targets/project-apis.tsx";
import { ProjectClusters } from "#components/targets/project-clusters.tsx";
import { ProjectGaps } from "#components/targets/project-gaps.tsx";
import { ProjectFound } from "#components/targets/project-found.tsx";
import { ProjectList } from "#components/targets/project-list.tsx";
import { ProjectQuotas } from "#components/targets/project-quotas.tsx";
import { ProjectVerdict } from "#components/targets/project-verdict.tsx";
import { projectTargetForTest, projectViewForTest } from "#components/targets/project-view-for-test.ts";
import { Todo } from "#components/targets/todo.tsx";
import { projectFindingsForTest } from "#lib/targets/gke/findings-for-test.ts";
import { gapsOf } from "#lib/targets/gke/gaps.ts";
import type { ProjectFindings, Trouble } from "#lib/targets/gke/findings.ts";

const found = projectFindingsForTest();
const lacksFirewalls: Partial<ProjectFindings> = {
  rights: found.rights!.map((right) => ({
    ...right,
    denied: right.role === "roles/compute.securityAdmin" ? ["compute.firewalls.create"] : [],
  })),
};
const gap: Trouble = {
  code: "right_missing",
  message: "The account lacks a right to make firewalls: compute.firewalls.create.",
  todo: "Give it the role Compute Security Admin: gcloud projects add-iam-policy-binding demo-proj --role=roles/compute.securityAdmin",
  link: "https://console.cloud.google.com/iam-admin/iam?project=demo-proj",
};
const withStorageOff = {
  apis: found.apis.map((api) => ({ ...api, enabled: !api.name.startsWith("storage.") })),
};
const shown = (node: React.ReactElement) => renderToStaticMarkup(node);

describe("a project in the list", () => {
  it("says what it offers", () => {
    const words = shown(<ProjectList list={[projectTargetForTest(projectViewForTest())]} admin />);
    expect(words).toContain(
      "us-central1-a · clusters can be made · 1 of 1 existing cluster usable · 1 machine type · 1 kind of GPU",
    );
    expect(words).toContain("demo-proj");
    const stopped = projectTargetForTest(projectViewForTest(lacksFirewalls));
    expect(shown(<ProjectList list={[stopped]} admin />)).not.toContain("clusters can be made");
  });

  it("tells an admin what is missing, with the way to its page, and others whom to ask", () => {
    const project = projectViewForTest(lacksFirewalls);
    const target = projectTargetForTest(project);
    expect(shown(<ProjectList list={[target]} admin />)).toMatch(
      /Sluice lacks 1 right in the project\..*href="\/targets\/target-2"[^>]*>What to do/s,
    );
    const noWay = projectTargetForTest(projectViewForTest({ nodeAccount: null, clusters: [] }));
    const toAdmin = shown(<ProjectList list={[noWay]} admin />);
    expect(toAdmin).toContain("No cluster can be made in this project");
    expect(toAdmin).toContain("What to do");
    expect(toAdmin).not.toContain("An admin sees");
    const theirs = { ...target, project: { ...project, detail: null } };
    const words = shown(<ProjectList list={[theirs]} admin={false} />);
    expect(words).toContain("An admin sees on its page which.");
    expect(words).not.toContain("lacks 1 right");
  });
});

describe("the verdict on a project", () => {
  const verdict = (project: ReturnType<typeof projectViewForTest>) =>
    shown(<ProjectVerdict project={project} missing={null} />);

  it("says that all is there, or that some of it isn't", () => {
    expect(verdict(projectViewForTest())).toContain("Everything that a deployment needs is there");
    expect(verdict(projectViewForTest({ gaps: [gap] }))).toContain("1 thing is missing");
    expect(verdict(projectViewForTest({ gaps: [gap, gap] }))).toContain("2 things are missing");
  });

  it("says what is the trouble, what to do with its command to copy, and where", () => {
    const trouble: Trouble = { ...gap, code: "api_disabled", message: "The API isn't enabled." };
    const words = verdict(projectViewForTest({ trouble }));
    expect(words).toContain("The API isn&#x27;t enabled.");
    expect(words).toContain("Give it the role Compute Security Admin:<");
    expect(words).toMatch(
      /<pre[^>]*>gcloud projects add-iam-policy-binding demo-proj \\\n  --role=roles\/compute.securityAdmin<\/pre>/,
    );
    expect(words).toContain(`href="${trouble.link}"`);
    expect(words).toContain("api_disabled");
  });

  it.each([
    [
      "Upload a service account's key, or sign in where the worker runs: gcloud auth application-default login.",
      [
        "Upload a service account's key, or sign in where the worker runs:",
        "gcloud auth application-default login",
      ],
    ],
    [
      "Make a new key: gcloud iam service-accounts keys create key.json --iam-account=ADDRESS. Then upload it.",
      [
        "Make a new key:",
        "gcloud iam service-accounts keys create key.json \\\n  --iam-account=ADDRESS",
        "Then upload it.",
      ],
    ],
    [
      "Enable it on Google's page, or run: gcloud services enable compute.googleapis.com. It takes minutes.",
      [
        "Enable it on Google's page, or run:",
        "gcloud services enable compute.googleapis.com",
        "It takes minutes.",
      ],
    ],
    ["Check again in a few minutes.", ["Check again in a few minutes."]],
  ])("has each sentence and the command whole: %s", (todo, parts) => {
    const words = shown(<Todo text={todo} link={null} />).replaceAll("&#x27;", "'");
    const texts = [...words.matchAll(/<(?:p|pre)[^>]*>([^<]*)<\/(?:p|pre)>/g)].map(([, text]) => text);
    expect(texts).toEqual(parts);
  });

  it("says to an admin that nothing can be deployed, without sending them to an admin", () => {
    const words = verdict(projectViewForTest(lacksFirewalls));
    expect(words).toContain("Sluice lacks 1 right in the project.");
    const noWay = verdict(projectViewForTest({ nodeAccount: null, clusters: [] }));
    expect(noWay).toContain("No cluster can be made in this project");
    for (const one of [words, noWay]) expect(one).not.toContain("An admin sees");
  });
});

describe("what was found of a project", () => {
  it("is for admins, but for what it offers", () => {
    const project = projectViewForTest({ gaps: [gap] });
    const all = shown(<ProjectFound project={project} />);
    for (const title of [
      "What is missing",
      "What can be deployed",
      "Quotas",
      "APIs",
      "Existing clusters",
      "Machines",
    ])
      expect(all).toContain(`>${title}<`);
    const theirs = shown(<ProjectFound project={{ ...project, detail: null }} />);
    expect(theirs).toContain(">Existing clusters<");
    expect(theirs).not.toMatch(/>What is missing<|>Quotas<|sluice@demo-proj/);
    expect(shown(<ProjectFound project={{ ...project, offers: null }} />)).toBe("");
  });

  it("names what stops every deployment first, then what some can do without", () => {
    const findings = { ...found, ...lacksFirewalls };
    const both = gapsOf({ ...findings, ...withStorageOff });
    const words = shown(<ProjectGaps findings={{ ...findings, ...withStorageOff, gaps: both }} />);
    expect(words).toMatch(
      /text-bad.*compute\.firewalls\.create.*>Some deployments can do without<.*text-warn.*The Cloud Storage API/s,
    );
    const needed = shown(<ProjectGaps findings={{ ...findings, gaps: gapsOf(findings) }} />);
    expect(needed).not.toContain("can do without");
  });

  it("has a link to enable an API that isn't, before those that are", () => {
    const apis = found.apis.map((api) => ({ ...api, enabled: api.name !== "logging.googleapis.com" }));
    const words = shown(<ProjectApis apis={apis} />);
    expect(words).toContain("7 of 8 enabled");
    expect(words.indexOf("Cloud Logging API")).toBeLessThan(words.indexOf("Compute Engine API"));
    expect(words.match(/Enable it/g)).toHaveLength(1);
    expect(words).toContain(`href="${apis.find(({ enabled }) => !enabled)!.link}"`);
  });

  it("says of each quota what is asked and left, and which is short", () => {
    const quota = (
      metric: string,
      limit: number,
      used: number,
      asked: number,
      region: string | null = null,
    ) => ({
      metric,
      region,
      limit,
      used,
      asked,
    });
    const words = shown(
      <ProjectQuotas
        quotas={[
          quota("CPUS", 24, 4, 3, "us-central1"),
          quota("NETWORKS", 5, 5, 1),
          quota("NVIDIA_T4_GPUS", 1, 0, 0, "us-central1"),
          quota("N2_CPUS", 0, 0, 0, "us-central1"),
        ]}
      />,
    );
    expect(words).toContain("CPUs in us-central1");
    expect(words).toMatch(/3 asked, .*20.* left of .*24/s);
    expect(words).toMatch(/Networks in the project.*1 asked, .*0.* left of .*5.*: too few/s);
    expect(words.indexOf("Networks")).toBeLessThan(words.indexOf("CPUs in us-central1"));
    expect(words).toContain("NVIDIA T4 GPUs in us-central1");
    expect(words).not.toContain("N2 CPUs");
    expect(shown(<ProjectQuotas quotas={null} />)).toContain("may not be read");
  });

  it("says why an existing cluster can't be used", () => {
    const [shared] = found.clusters!;
    const problem = {
      code: "no_load_balancing",
      message: "HTTP load balancing is off.",
      todo: "Turn it on: gcloud container clusters update shared --update-addons=HttpLoadBalancing=ENABLED",
    } as const;
    const words = shown(<ProjectClusters clusters={[{ ...shared!, problems: [problem] }]} />);
    expect(words).toContain("can’t be used");
    expect(words).toContain("HTTP load balancing is off.");
    expect(words).toContain(
      ">gcloud container clusters update shared \\\n  --update-addons=HttpLoadBalancing=ENABLED<",
    );
  });
});

describe("what can be deployed in a project", () => {
  const settings = {
    project: "demo-proj",
    location: "us-central1-a",
    account: "key",
    nodeServiceAccount: null,
    imagePrefix: null,
    proxyImage: null,
  } as const;
  const tones = (change: Partial<ProjectFindings>) =>
    Object.fromEntries(
      projectChecklist(settings, { ...found, ...change }).map(({ title, tone }) => [title, tone]),
    );
  const withoutNeed = (need: string): Partial<ProjectFindings> => ({
    rights: found.rights!.map((right) => ({ ...right, denied: right.need === need ? ["a.b.c"] : [] })),
  });

  it("is all, but for the catalogue's models without an image prefix", () => {
    expect(tones({})).toEqual({
      "Clusters of their own": "ok",
      "Existing clusters": "ok",
      "Static content": "ok",
      "Figures and log": "ok",
      "Clean-up": "ok",
      Models: "neutral",
    });
  });

  it.each([
    ["an API", { apis: found.apis.map((api) => ({ ...api, enabled: !/^compute\./.test(api.name) })) }],
    ["a right", withoutNeed("always")],
  ])("is no cluster, of its own or there already, without %s that each deployment needs", (_what, change) => {
    expect(tones(change)).toMatchObject({ "Clusters of their own": "bad", "Existing clusters": "bad" });
    expect(tones({ ...change, clusters: [] })["Existing clusters"]).toBe("neutral");
  });

  it.each([
    ["Clusters of their own", { nodeAccount: null }],
    [
      "Clusters of their own",
      { quotas: [{ metric: "CPUS", region: "us-central1", limit: 2, used: 0, asked: 3 }] },
    ],
    ["Existing clusters", { clusters: null }],
    ["Static content", withoutNeed("static content")],
    ["Figures and log", withoutNeed("figures")],
    ["Clean-up", withoutNeed("sweep")],
  ])("warns of %s where something of it is missing", (title, change) => {
    expect(tones(change)[title]).toBe("warn");
    // Who reads it is on the very page that shows which.
    const words = projectChecklist(settings, { ...found, ...change }).map((item) => item.found);
    expect(words.join()).not.toContain("An admin");
  });
});
