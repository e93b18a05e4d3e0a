import { renderToStaticMarkup } from "react-dom/server";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { onGoogle, project } from "#components/form/form-for-test.ts";
import { EndpointFields } from "#components/form/endpoint-fields.tsx";
import { GoogleFields } from "#components/form/google-fields.tsx";
import { newGoogle, type GoogleState } from "#components/form/google-state.ts";
import type { FormState } from "#components/form/form-state.ts";
import type { Place } from "#lib/targets/place.ts";
import { clusterForTest, projectForTest } from "#lib/targets/place-for-test.ts";
import { refusedFeatures } from "#lib/targets/refusals.ts";

const drawn = (what: ReactNode, form: FormState, place: Place, isThere = false) =>
  renderToStaticMarkup(
    <FormToolsProvider
      value={{
        form,
        change: () => {},
        places: [place],
        place,
        isThere,
        refused: refusedFeatures(place),
        at: () => ({ error: null, "data-field": "", onBlur: () => {} }),
        problemsUnder: () => false,
      }}
    >
      {what}
    </FormToolsProvider>,
  );
const section = (google: Partial<GoogleState> = {}, place: Place = project, isThere = false) =>
  drawn(<GoogleFields />, onGoogle({ google: { ...newGoogle, ...google } }), place, isThere);
const endpoint = (form: FormState) => drawn(<EndpointFields />, form, project);
const radio = (html: string, value: string) =>
  new RegExp(`<input type="radio"[^>]*value="${value}"[^>]*>`).exec(html)?.[0];

describe("the section Google Cloud", () => {
  it("is there for a Google project alone", () => {
    expect(section({}, clusterForTest())).toBe("");
    expect(section()).toContain("Project demo-proj, us-central1-a");
  });

  it("says what each kind of cluster means in time and money", () => {
    expect(section()).toMatch(/about 10 to 20 minutes.*nodes are paid for while it is there/s);
    expect(section()).toMatch(/never changed.*paid for anyway/s);
  });

  it("offers machine types with what they have, and those clusters that can't be used with the reason", () => {
    expect(section()).toContain("n1-standard-4: 4 CPUs, 15 GiB");
    const existing = section({ mode: "existing" });
    expect(existing).toMatch(/<option[^>]*disabled[^>]*>auto in us-central1-a \(can’t be used\)/);
    expect(existing).toContain("It is an Autopilot cluster. Choose a Standard one.");
  });

  it("greys out what the project can't do, with its reason", () => {
    const noOwn = section({}, projectForTest({ ownClusterRefusal: "No node account." }));
    expect(radio(noOwn, "own")).toContain("disabled");
    expect(noOwn).toContain("No node account.");
    const noneThere = section({}, projectForTest({ clusters: [] }));
    expect(radio(noneThere, "existing")).toContain("disabled");
    expect(noneThere).toContain("There is no cluster in this project yet.");
  });

  it("speaks of logged requests where there are any to log: not at layer 4", () => {
    const at = (layer: "4" | "7", mode: GoogleState["mode"]) =>
      drawn(<GoogleFields />, onGoogle({ layer, google: { ...newGoogle, mode } }), project);
    expect(at("7", "own")).toMatch(/>Network and logging<.*all requests logged</s);
    expect(at("4", "own")).toMatch(/>Network<.*a network of its own, regular updates</s);
    expect(at("7", "existing")).toMatch(/>Logging<.*all requests logged</s);
    for (const mode of ["own", "existing"] as const) expect(at("4", mode)).not.toMatch(/logg(ed|ing)/);
  });

  it("keeps what was chosen of a project that nobody could look at", () => {
    const unseen = { ...project, project: null };
    expect(section({ machineType: "n1-standard-8" }, unseen)).toMatch(/<input[^>]*value="n1-standard-8"/);
  });

  it("says of one that is made that its cluster and its network stay", () => {
    const there = section({}, project, true);
    expect(radio(there, "existing")).toContain("disabled");
    expect(there).toContain("Another cluster is another deployment");
    expect(there).toContain("The network can’t be changed");
  });
});

describe("the endpoint on Google Cloud", () => {
  it("says which of the two load balancers it will be, and why", () => {
    expect(endpoint(onGoogle())).toContain("which routes: Google’s has no keys.");
    expect(endpoint(onGoogle({ access: "open" }))).toContain("Google’s load balancer routes by itself");
  });

  it("warns of keys without HTTPS", () => {
    expect(endpoint(onGoogle())).toContain("Keys are sent without HTTPS");
    expect(endpoint(onGoogle({ tlsMode: "self-signed" }))).not.toContain("Keys are sent without HTTPS");
  });

  it("names the DNS record that a domain needs", () => {
    const google = { ...newGoogle, domain: "model.example.com" };
    const html = endpoint(onGoogle({ tlsMode: "google", google })).replace(/<[^>]+>/g, "");
    expect(html).toContain("a DNS record of type A at model.example.com");
  });

  it("has no port and no Gateway to choose", () => {
    expect(endpoint(onGoogle())).not.toMatch(/Reached by|>Port</);
    expect(endpoint(onGoogle())).toContain("A reserved address of its own");
  });
});
