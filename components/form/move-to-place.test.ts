import { describe, expect, it } from "vitest";
import { checkForm } from "#components/form/check-form.ts";
import { cluster, form, main, onCluster } from "#components/form/form-for-test.ts";
import type { FormState } from "#components/form/form-state.ts";
import { movedWords, moveToPlace } from "#components/form/move-to-place.ts";
import { builtInPlaces, type Place } from "#lib/targets/place.ts";
import { clusterForTest } from "#lib/targets/place-for-test.ts";

const [local] = builtInPlaces as [Place];
const moved = (from: FormState, to: Place): FormState => ({ ...from, ...moveToPlace(from, to) });
const problems = (of: FormState, place: Place) => checkForm(of, [place]).problems;

describe("moveToPlace", () => {
  it("moves an untouched form to and fro without a word", () => {
    const there = moved(form(), cluster);
    expect(problems(there, cluster)).toEqual([]);
    expect(there.variants[0]?.moved).toEqual({});
    expect(moved(there, local)).toEqual({ ...form(), variants: [{ ...form().variants[0], moved: {} }] });
  });
  it("takes what a cluster scales on, and says why, while that is chosen", () => {
    const there = moved(form({ variants: [{ ...main, metric: "inflight" }] }), cluster);
    expect(problems(there, cluster)).toEqual([]);
    const said = there.variants[0]?.moved.metric;
    expect(movedWords(said, "cpu")).toContain("A cluster scales on processor use.");
    expect(movedWords(said, "none")).toBeNull();
  });
  it("keeps a fixed number of replicas anywhere", () => {
    const there = moved(form({ variants: [{ ...main, metric: "none" }] }), cluster);
    expect(there.variants[0]).toMatchObject({ metric: "none", moved: {} });
  });
  it("leaves an image behind on this machine, and has it again on the next cluster", () => {
    const image = onCluster({ source: "image", image: "registry.example.com/m:1", cpu: "2" });
    const here = moved(image, local);
    expect(problems(here, local)).toEqual([]);
    expect(here.variants[0]).toMatchObject({ source: "preset", image: "registry.example.com/m:1" });
    expect(movedWords(here.variants[0]?.moved.source, "preset")).toContain("The image is kept");
  });
  it("asks for an image where the catalogue's can't be pulled", () => {
    const bare = clusterForTest({ imagePrefix: null });
    const there = moved(form(), bare);
    expect(there.variants[0]).toMatchObject({ source: "image" });
    expect(movedWords(there.variants[0]?.moved.source, "image")).toContain("prod can't pull");
    expect(problems(there, bare).map(({ field }) => field)).toEqual(["variants.0.model.image"]);
  });
  it("drops a Gateway class that another cluster hasn't, and keeps it on the way over this machine", () => {
    const from = onCluster({}, { gatewayClass: "traefik" });
    const other = clusterForTest({ gatewayClasses: ["cilium"] }, { name: "other" });
    const there = moved(from, other);
    expect(there.gatewayClass).toBe("");
    expect(movedWords(there.moved.gatewayClass, "")).toContain("other has no Gateway class traefik");
    expect(moved(moved(from, local), cluster).gatewayClass).toBe("traefik");
  });
});
