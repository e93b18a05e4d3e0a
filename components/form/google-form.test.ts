import { describe, expect, it } from "vitest";
import { changedFields } from "#components/form/changed-fields.ts";
import { checkForm, problemAt } from "#components/form/check-form.ts";
import { formOf } from "#components/form/form-of.ts";
import { cluster, onGoogle, project } from "#components/form/form-for-test.ts";
import type { FormState } from "#components/form/form-state.ts";
import { newGoogle, type GoogleState } from "#components/form/google-state.ts";
import { sendsKeysInClear } from "#components/form/keys-in-clear.ts";
import { movedWords, moveToPlace } from "#components/form/move-to-place.ts";
import { toSpecInput } from "#components/form/to-input.ts";
import type { Spec } from "#lib/deployments/spec.ts";
import { toSpecView } from "#lib/deployments/to-view.ts";
import type { Place } from "#lib/targets/place.ts";
import { projectForTest } from "#lib/targets/place-for-test.ts";

const id = "dep-0123456789ab";
const withGoogle = (change: Partial<GoogleState>, patch: Partial<FormState> = {}) =>
  onGoogle({ ...patch, google: { ...newGoogle, ...change } });
const check = (form: FormState, place: Place = project) => checkForm(form, [place]);
const made = (form: FormState): Spec => {
  const { spec, problems } = check(form);
  expect(problems).toEqual([]);
  return spec!;
};

describe("a form for Google Cloud", () => {
  it("is whole as it opens: three small nodes, with a plan in groups and a price that is known", () => {
    const { spec, plan, google, problems } = check(onGoogle());
    expect(problems).toEqual([]);
    expect(spec?.google?.cluster).toMatchObject({ machineType: "n1-standard-1", minNodes: 3, maxNodes: 3 });
    expect(plan.map(({ type }) => type)).toContain("gcp:container/cluster:Cluster");
    expect(google?.price.isComplete).toBe(true);
    expect(google?.lacks).toEqual(["keys"]);
  });

  it.each<[string, FormState]>([
    ["a cluster of its own", withGoogle({ maxNodes: "5", spot: true, gpuType: "nvidia-tesla-t4" })],
    ["an existing cluster", withGoogle({ mode: "existing", existing: "us-central1-a/shared" })],
    ["a domain", withGoogle({ domain: "model.example.com" }, { tlsMode: "google" })],
    [
      "static files, no log",
      withGoogle({
        staticContent: { prefix: "/files", archive: "arc-0123456789ab" },
        logPercent: "0",
        maxRatePerEndpoint: "7",
      }),
    ],
    ["layer 4", withGoogle({}, { layer: "4", access: "open" })],
  ])("with %s is sent back as it was stored, and changes nothing", (_what, form) => {
    const spec = made(form);
    const settings = formOf("chat", toSpecView(spec), project);
    const standing = { spec, isMade: true, isServed: false };
    const again = checkForm(settings, [project], { id, standing });
    expect(again.problems).toEqual([]);
    expect(again.spec).toEqual(spec);
    expect(changedFields(settings, settings, project)).toEqual({});
  });

  it("sends nothing of Google's to another target", () => {
    expect(toSpecInput(onGoogle(), cluster)).not.toHaveProperty("google");
    expect(toSpecInput(onGoogle(), project).endpoint).toEqual({ access: "private", tls: { mode: "none" } });
  });

  it("says at its fields what the project hasn't", () => {
    const at = (change: Partial<GoogleState>, field: string) =>
      problemAt(check(withGoogle(change)).problems, field);
    expect(at({ machineType: "n9-huge" }, "google.cluster.machineType")).toContain("n9-huge");
    expect(at({ mode: "existing", existing: "us-central1-a/auto" }, "google.cluster.name")).toContain(
      "Autopilot",
    );
    expect(at({ mode: "existing" }, "google.cluster.name")).toBe("This is required.");
    expect(at({ minNodes: "" }, "google.cluster.minNodes")).not.toBeNull();
    expect(at({ gpuType: "nvidia-tesla-t4", gpuCount: "9" }, "google.cluster.gpu.count")).toContain("4");
  });

  it("asks before keys cross the Internet without HTTPS, and only then", () => {
    expect(sendsKeysInClear(onGoogle(), project)).toBe(true);
    expect(sendsKeysInClear(onGoogle(), cluster)).toBe(false);
    for (const change of [{ access: "open" }, { tlsMode: "google" }, { tlsMode: "self-signed" }] as const)
      expect(sendsKeysInClear(onGoogle(change), project)).toBe(false);
  });
});

describe("a deployment that is made", () => {
  it("keeps its cluster, its network and its layer; where nothing was begun all may change", () => {
    const spec = made(onGoogle());
    const settings = formOf("chat", toSpecView(spec), project);
    const problems = (isMade: boolean, change: Partial<FormState>) =>
      checkForm({ ...settings, ...change }, [project], {
        id,
        standing: { spec, isMade, isServed: false },
      }).problems.map(({ field }) => field);
    const other = { ...settings.google, mode: "existing", existing: "us-central1-a/shared" } as const;
    expect(problems(true, { google: other })).toContain("google.cluster.mode");
    expect(problems(true, { layer: "4", access: "open" })).toContain("routing.layer");
    expect(problems(false, { google: other })).toEqual([]);
    expect(problems(true, { google: { ...settings.google, spot: true, maxNodes: "6" } })).toEqual([]);
  });
});

describe("moveToPlace", () => {
  const moved = (from: FormState, to: Place): FormState => ({ ...from, ...moveToPlace(from, to) });

  it("leaves Google's certificate where there is none, and keeps the domain", () => {
    const there = moved(withGoogle({ domain: "model.example.com" }, { tlsMode: "google" }), cluster);
    expect(there).toMatchObject({ tlsMode: "none", google: { domain: "model.example.com" } });
    expect(movedWords(there.moved.tlsMode, "none")).toContain("for Google Cloud");
  });

  it("takes what the next project has, and says why", () => {
    const far = projectForTest({
      machineTypes: [{ name: "e2-medium", cpus: 2, memoryMb: 4096 }],
      accelerators: [],
    });
    const there = moved(withGoogle({ gpuType: "nvidia-tesla-t4" }), far);
    expect(there.google).toMatchObject({ machineType: "e2-medium", gpuType: "" });
    expect(movedWords(there.google.moved.machineType, "e2-medium")).toContain("n1-standard-1");
    expect(movedWords(there.google.moved.gpuType, "")).toContain("nvidia-tesla-t4");
    expect(check(there, far).problems).toEqual([]);
  });

  it("takes an existing cluster where none can be made, and its own where none is there", () => {
    const noOwn = projectForTest({ ownClusterRefusal: "There is no node service account." });
    const there = moved(onGoogle(), noOwn);
    expect(there.google.mode).toBe("existing");
    expect(movedWords(there.google.moved.mode, "existing")).toContain("No cluster of its own");
    expect(check(there, noOwn).problems).toEqual([]);
    const existing = withGoogle({ mode: "existing", existing: "us-central1-a/shared" });
    expect(moved(existing, projectForTest({ clusters: [] })).google).toMatchObject({
      mode: "own",
      existing: "",
    });
  });

  it("keeps what was typed for the next project while the target is another", () => {
    expect(moved(withGoogle({ machineType: "n1-standard-4" }), cluster).google.machineType).toBe(
      "n1-standard-4",
    );
  });
});
