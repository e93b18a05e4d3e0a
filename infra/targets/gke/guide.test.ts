import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { removalSteps } from "#infra/google/leftover-kinds.ts";
import { archiveLimits } from "#lib/archives/limits.ts";
import { googleInput } from "#lib/deployments/google-spec.ts";
import { deploymentInput } from "#lib/deployments/spec.ts";
import { failureCodes } from "#lib/deployments/status.ts";
import { clusterProblems, projectTroubles } from "#lib/targets/gke/findings.ts";
import {
  deploymentForTest,
  existingClusterForTest,
  gkeForms,
  ownClusterForTest,
} from "#lib/targets/gke/forms-for-test.ts";
import { descriptionOf, labelsOf } from "#lib/targets/gke/mark.ts";
import { mainName, staticBucketName } from "#lib/targets/gke/names.ts";
import { planGke } from "#lib/targets/gke/plan.ts";
import { bootDisk } from "#lib/targets/gke/plan/cluster.ts";
import { prepareScript } from "#lib/targets/gke/prepare-script.ts";
import { registerProjectInput } from "#lib/targets/gke/project-input.ts";
import { hoursPerMonth, priceInWords, priceOf } from "#lib/targets/gke/price.ts";
import { firstFormNeeds } from "#lib/targets/gke/quota.ts";
import { actAsRole, neededApis, rights } from "#lib/targets/gke/rights.ts";
import { gkeTypes } from "#lib/targets/gke/types.ts";
import { resourceKey } from "#lib/targets/plan.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const guide = readFileSync(path.join(root, "docs/gke.md"), "utf8");
const scripts = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text!);
const bodies = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text]) => JSON.parse(text!) as Record<string, unknown>,
);
const region = "us-central1";
const zones = ["us-central1-a"];

/** What is between a heading and the next one of its level or above. */
function section(heading: string): string {
  const [marks = "##"] = heading.split(" ");
  const from = guide.indexOf(`\n${heading}\n`);
  expect(from, heading).toBeGreaterThan(-1);
  const rest = guide.slice(from + heading.length + 2);
  return rest.slice(0, new RegExp(`^#{2,${marks.length}} `, "m").exec(rest)?.index);
}

/** The rows of a text's tables, without heads, each as its cells. */
function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^\|(.*)\|$/gm)]
    .map(([, row]) => row!.split("|").map((cell) => cell.trim()))
    .filter((cells) => !cells.every((cell) => /^[-: ]+$/.test(cell)))
    .slice(1);
}

/** What stands between backticks. */
function named(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}

/**
 * What `gcloud` is asked when a person pastes the script of a section: one line a call. In its place stands a program
 * that has nothing yet, and lists one thing of each kind.
 */
function calls(heading: string): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-guide-"));
  const log = path.join(folder, "calls");
  const answers = [
    `echo "$*" >> "${log}"`,
    'case "$*" in',
    '*"service-accounts describe"*) exit 1 ;;',
    '*"projects describe"*) echo 123 ;;',
    '*"clusters list"*"value(name,location)"*) echo "own-cluster us-central1-a" ;;',
    '*" list "*--uri*) echo https://one.thing ;;',
    "esac",
  ];
  try {
    writeFileSync(path.join(folder, "gcloud"), ["#!/bin/sh", ...answers, ""].join("\n"), { mode: 0o755 });
    const script = [...section(heading).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text).join("\n");
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    execFileSync("bash", ["-c", script], { env, stdio: "pipe" });
    return readFileSync(log, "utf8").trim().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(scripts.map((text, index) => [index + 1, text] as const))(
  "script %i can be read by a shell",
  (_, text) => {
    expect(execFileSync("bash", ["-n"], { input: text, stdio: "pipe" }).toString()).toBe("");
  },
);

describe("the script that prepares a project", () => {
  const asked = calls("## Prepare the project");
  const sluice = "serviceAccount:sluice@MY-PROJECT.iam.gserviceaccount.com";

  test("is that of the page which adds a project", () => expect(scripts).toContain(prepareScript));

  test("enables each API that is needed, and no other", () => {
    const enabled = asked.find((call) => call.startsWith("services enable "))!;
    expect(enabled.match(/\S+\.googleapis\.com/g)).toEqual(Object.keys(neededApis));
  });

  test("makes two accounts, and gives Sluice's exactly the roles that a check asks for", () => {
    expect(asked.flatMap((call) => /service-accounts create (\S+)/.exec(call)?.[1] ?? [])).toEqual([
      "sluice",
      "sluice-nodes",
    ]);
    const given = asked.flatMap(
      (call) =>
        /^projects add-iam-policy-binding MY-PROJECT --member=(\S+) --role=(\S+)/.exec(call)?.slice(1) ?? [],
    );
    const roles = given.filter((_, index) => index % 2 === 1 && given[index - 1] === sluice);
    expect(roles).toEqual(rights.map(({ role }) => role));
  });

  test("lets it run machines as two accounts alone", () => {
    const acting = asked.filter((call) => call.includes(actAsRole));
    const as = (account: string) =>
      `iam service-accounts add-iam-policy-binding ${account} --project=MY-PROJECT --member=${sluice} --role=${actAsRole}`;
    expect(acting).toEqual([
      as("sluice-nodes@MY-PROJECT.iam.gserviceaccount.com"),
      as("123-compute@developer.gserviceaccount.com"),
    ]);
  });
});

describe("the script that cleans up", () => {
  const asked = calls("### By hand");
  const name = mainName(deploymentForTest);
  const [[key, value] = []] = Object.entries(labelsOf(deploymentForTest));

  test("deletes each kind that a sweep looks for, in an order that Google takes", () => {
    const deleted = asked.flatMap((call) => /^(.*?) (delete|rm) /.exec(call)?.[1] ?? []).map(kindOf);
    const steps = deleted.map((plural) =>
      removalSteps.findIndex((step) => step.some((kind) => kind.plural === plural)),
    );
    expect(steps).toEqual(steps.toSorted((one, other) => one - other));
    const all = removalSteps.flat().map(({ plural }) => plural);
    // Of layer 4 alone, or of clusters that GKE no longer makes: the guide says how to know them.
    const others = ["targetPools", "httpHealthChecks", "instanceGroups"];
    expect([...new Set(deleted), ...others].toSorted()).toEqual(all.toSorted());
  });

  test("takes what has the deployment's name or mark, and nothing else", () => {
    const marks = [`name~^${name}(-.*)?$`, `cluster-name=${name} OR`, `${key}=${value}`];
    const lists = asked.filter((call) => / list .*--filter=/.test(call));
    expect(lists.length).toBeGreaterThan(20);
    expect(lists.filter((call) => !marks.some((mark) => call.includes(mark)))).toEqual([]);
    expect(asked).toContain(`storage rm --recursive gs://${staticBucketName(deploymentForTest)}`);
  });
});

/** The API's plural for what gcloud calls by other words. */
function kindOf(words: string): string {
  const special: Record<string, string> = {
    storage: "buckets",
    "container clusters": "clusters",
    "compute firewall-rules": "firewalls",
    "compute networks subnets": "subnetworks",
    "compute instance-groups managed": "instanceGroupManagers",
  };
  const camel = (text: string) => text.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return special[words] ?? camel(words.replace("compute ", ""));
}

test("each role is explained in the words of the check", () => {
  const told = rowsOf(section("## Prepare the project")).map(([role = "", why]) => [named(role)[0], why]);
  expect(told).toEqual(rights.map(({ role, why }) => [role, why]));
});

test("the price is that of the table, line by line", () => {
  const price = priceOf({ region, zones, cluster: ownClusterForTest }, 7);
  const told = rowsOf(section("### What it costs"));
  expect(told).toEqual(
    price.lines.map(({ what, least, rows }) => [
      what,
      `$${least!.toFixed(4)}`,
      `$${(least! * hoursPerMonth).toFixed(2)}`,
      `<${rows[0]!.source}>`,
      rows[0]!.lookedUp,
    ]),
  );
  const text = section("### What it costs").replaceAll("\n", " ");
  expect(text).toContain(`**${priceInWords(price)}**`);
  expect(text).toContain(priceInWords(priceOf({ region, zones, cluster: existingClusterForTest }, 7)));
  expect(text).toContain(`${hoursPerMonth} hours`);
});

test("the quotas are those of the form as it is at first", () => {
  const told = rowsOf(section("### Quotas")).flatMap(([metrics = "", where = "", asked = ""]) =>
    named(metrics)
      .filter((metric) => metric !== "N1_CPUS")
      .map((metric) => `${metric} ${where} ${Number.parseInt(asked)}`),
  );
  const needs = firstFormNeeds(region, [`${region}-a`], []).map(
    (need) => `${need.metric} ${need.region ? "the region" : "in all"} ${need.amount}`,
  );
  expect(told.toSorted()).toEqual(needs.toSorted());
  const ofRegion = firstFormNeeds(region, ["a", "b", "c"], []);
  expect(ofRegion.find(({ metric }) => metric === "CPUS")?.amount).toBe(6);
});

describe("what is made", () => {
  const made = section("### What is made");

  test("has each kind of Google's, and no other", () => {
    const kinds = rowsOf(made).flatMap(([part = ""]) => named(part));
    const types = Object.values(gkeTypes).map((type) => type.split(":").at(-1)!);
    expect(kinds.toSorted()).toEqual(types.toSorted());
  });

  test("has the addresses and sizes of the plan", () => {
    const { spec, settings } = gkeForms["keys, so HAProxy routes"]!;
    const plan = new Map(planGke(deploymentForTest, spec, settings).map((one) => [resourceKey(one), one]));
    const inputsOf = (type: string, name: string) => JSON.stringify(plan.get(`${type}::${name}`)!.inputs);
    const used = inputsOf(gkeTypes.subnetwork, "subnet") + inputsOf(gkeTypes.firewall, "firewall");
    const ranges = used.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [];
    expect(
      named(made)
        .filter((word) => /^\d+\..*\/\d+$/.test(word))
        .toSorted(),
    ).toEqual(ranges.toSorted());
    expect(made).toContain(`${bootDisk.gigabytes} GB \`${bootDisk.type}\``);
  });
});

describe("what is sent", () => {
  const [target, deployment] = bodies;

  test("is a deployment as it is taken, on the target that was registered", () => {
    expect(bodies).toHaveLength(2);
    const { name } = registerProjectInput.parse(target);
    expect(deploymentInput.parse(deployment)).toMatchObject({ target: name });
  });

  test("has each field of Google's explained, and no other", () => {
    const cluster = googleInput.shape.cluster.unwrap();
    const fields = Object.keys(googleInput.shape).flatMap((name) =>
      name === "cluster"
        ? cluster.options.flatMap(({ shape }) => Object.keys(shape)).map((field) => `cluster.${field}`)
        : [name],
    );
    const told = rowsOf(section("## Deploy").split("\n### ")[0]!).flatMap(([field = ""]) => named(field));
    const placed = ["cluster.name", "cluster.location"];
    expect([...told, ...placed].toSorted()).toEqual([...new Set(fields)].toSorted());
  });

  test("has each setting of a target explained", () => {
    const told = rowsOf(section("## Register the project")).flatMap(([setting = ""]) => named(setting));
    const settings = Object.keys(registerProjectInput.shape).filter((setting) => setting !== "kind");
    expect(settings.filter((setting) => !told.includes(setting))).toEqual([]);
  });

  test("is limited as an archive is", () => {
    const mib = (bytes: number) => bytes / 1024 / 1024;
    const { bytes, unpackedBytes, files, pathCharacters } = archiveLimits;
    expect(section("## Static files").replaceAll("\n", " ")).toContain(
      `at most ${mib(bytes)} MiB, ${mib(unpackedBytes)} MiB unpacked, and ${files} files with paths of ${pathCharacters} characters`,
    );
  });

  test("goes to addresses that the portal has", () => {
    const routes = new Set(guide.match(/\/api\/v1\/[a-z-]+/g));
    expect(routes.size).toBeGreaterThan(2);
    const missing = [...routes].filter(
      (route) => globSync(`app${route}/route.ts`, { cwd: root }).length === 0,
    );
    expect(missing).toEqual([]);
  });
});

test("what a thing of ours is known by is what a plan gives it", () => {
  const name = mainName(deploymentForTest);
  const [[key, value] = []] = Object.entries(labelsOf(deploymentForTest));
  for (const word of [name, `${key}=${value}`, descriptionOf(deploymentForTest)])
    expect(named(section("### Names and marks"))).toContain(word);
});

test("each code that it names is one", () => {
  const codes: readonly string[] = [...failureCodes, ...projectTroubles, ...clusterProblems];
  const told = rowsOf(section("## When something is wrong")).flatMap(([, code = ""]) => named(code));
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter((code) => !codes.includes(code))).toEqual([]);
});

test("each way inside it leads somewhere", () => {
  const anchors = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^a-z0-9 -]/g, "")
      .replaceAll(" ", "-"),
  );
  const ways = [...guide.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
  expect(ways.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});

test("each file that it names is there", () => {
  const files = [...guide.matchAll(/`([a-z0-9-]+\/[^` ]+\.ts)`/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter((file) => globSync(file, { cwd: root }).length === 0)).toEqual([]);
});
