import { find, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { bodyOf, everywhere, type FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import type { Kind, Live, Run } from "#e2e/cloud/stand-in/kind.ts";
import { effectiveLabels, labelOutputs, labelsField } from "#e2e/cloud/stand-in/labels.ts";
import { projectOf } from "#e2e/cloud/stand-in/places.ts";
import { isNothing } from "#e2e/cloud/stand-in/values.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

const upper = (value: unknown) => String(value).toUpperCase();

const fields: FieldTable = {
  name: {},
  location: { write: upper, isSame: (asked, live) => upper(asked) === upper(live) },
  storageClass: { standard: "STANDARD" },
  uniformBucketLevelAccess: {
    at: "iamConfiguration.uniformBucketLevelAccess.enabled",
    computed: true,
  },
  publicAccessPrevention: { at: "iamConfiguration.publicAccessPrevention", computed: true },
  softDeletePolicy: { computed: true },
  website: {},
  versioning: {},
  forceDestroy: { local: true, imported: false },
  labels: labelsField,
  ...everywhere,
};

export const bucket: Kind = {
  fields,
  immovable: ["name", "location", "project"],
  patience: { create: 600, update: 240, delete: 600 },
  idOf: (_cloud, inputs) => String(inputs.name),
  idFrom: (_cloud, text) => text.split("/").at(-1) ?? "",
  fromId: (id) => ({ name: id }),
  async create(run, inputs, id) {
    const { cloud, signal } = run;
    const url = `${cloud.endpoints.storage}b?project=${encodeURIComponent(projectOf(cloud, inputs))}`;
    const asked = { ...bodyOf(fields, inputs), labels: effectiveLabels(cloud, inputs.labels, true) };
    await cloud.request("POST", url, { lifecycle: { rule: [] }, ...asked }, signal);
    return known(run, id);
  },
  async read(run, id, { project }) {
    const live = await find(run.cloud, urlOf(run.cloud, id), run.signal);
    // Its project is known by a number alone: what is known already isn't asked again.
    return live && (project === undefined ? withProject(run, live) : { ...live, project });
  },
  async update(run, id, { inputs, state, changed }) {
    const names = changed.filter((name) => !fields[name]?.local);
    if (names.length === 0) return known(run, id);
    const table = Object.fromEntries(names.map((name) => [name, fields[name]!]));
    const body = {
      ...bodyOf(table, inputs),
      ...(names.includes("labels") && { labels: patched(run.cloud, inputs, state) }),
      // What a program leaves out from now on goes.
      ...Object.fromEntries(
        names.filter((name) => inputs[name] === undefined && name !== "labels").map((name) => [name, null]),
      ),
    };
    await run.cloud.request("PATCH", urlOf(run.cloud, id), body, run.signal);
    return known(run, id);
  },
  async remove(run, id, state) {
    const { cloud, signal } = run;
    const url = urlOf(cloud, id);
    if (!(await find(cloud, `${url}/anywhereCaches`, signal))) return;
    await empty(run, url, id, state.forceDestroy === true);
    await cloud.request("DELETE", url, undefined, signal);
  },
  outputs: (live) => ({
    ...(isNothing(live.project) ? {} : { project: live.project }),
    projectNumber: Number(live.projectNumber),
    selfLink: live.selfLink,
    url: `gs://${String(live.name)}`,
    timeCreated: live.timeCreated,
    updated: live.updated,
    ...labelOutputs(live.labels, undefined),
  }),
};

const urlOf = (cloud: Cloud, id: string) => `${cloud.endpoints.storage}b/${encodeURIComponent(id)}`;

async function known(run: Run, id: string): Promise<Live> {
  return withProject(run, await run.cloud.request("GET", urlOf(run.cloud, id), undefined, run.signal));
}

async function withProject({ cloud, signal }: Run, live: Live): Promise<Live> {
  const url = `${cloud.endpoints.compute}projects/${String(live.projectNumber)}`;
  const project = await find(cloud, url, signal);
  return { ...live, ...(project && { project: project.name }) };
}

/** A patch takes a label away only by saying so. */
function patched(cloud: Cloud, inputs: Fields, state: Fields): Fields {
  const wanted = effectiveLabels(cloud, inputs.labels, true);
  const gone = Object.keys((state.effectiveLabels ?? {}) as Fields).filter((name) => !(name in wanted));
  return { ...wanted, ...Object.fromEntries(gone.map((name) => [name, null])) };
}

/** @throws Error if there is something in it that may not go */
async function empty({ cloud, signal }: Run, url: string, id: string, forces: boolean): Promise<void> {
  for (;;) {
    const list = await cloud.request("GET", `${url}/o`, undefined, signal);
    const { items = [] } = list as { items?: { name: string }[] };
    if (items.length === 0) return;
    if (!forces) {
      throw new Error(
        `Error trying to delete bucket ${id} containing objects without force_destroy set to true`,
      );
    }
    for (const { name } of items) {
      await cloud.request("DELETE", `${url}/o/${encodeURIComponent(name)}`, undefined, signal);
    }
  }
}
