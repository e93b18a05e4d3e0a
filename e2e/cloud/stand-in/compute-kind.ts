import { find, type Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import { carryOut } from "#e2e/cloud/stand-in/compute-operation.ts";
import { bodyOf, everywhere, type FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import { GoogleApiError } from "#e2e/cloud/stand-in/google-api-error.ts";
import type { Kind, Live, Run } from "#e2e/cloud/stand-in/kind.ts";
import { effectiveLabels, labelOutputs, labelsField } from "#e2e/cloud/stand-in/labels.ts";
import { placed, projectOf } from "#e2e/cloud/stand-in/places.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** How one kind of Compute Engine's differs from the others. */
export type ComputeKind = {
  /** as the plugin names it in its errors, such as `BackendService` */
  title: string;
  /** such as `backendServices` */
  collection: string;
  isRegional?: boolean;
  /** Whether it has labels, and whether the plugin's own is among them. */
  labels?: "own" | "attributed";
  fields: FieldTable;
  immovable: readonly string[];
  /** What a body has beside its inputs. */
  more?: (cloud: Cloud, inputs: Fields) => Fields;
  /**
   * How all that can be changed is: the whole thing again (`PUT`), or what can be changed (`PATCH`). Without it only
   * `setters` do.
   */
  verb?: "PUT" | "PATCH";
  /** Fields with a method of their own: the input's name, and what follows the collection's path and the name. */
  setters?: Readonly<Record<string, Setter>>;
  outputs?: (live: Live) => Fields;
};

export type Setter = {
  /** such as `setUrlMap`; empty for a PATCH of this field alone */
  method: string;
  /** Some of Google's paths leave the scope out. */
  isUnscoped?: boolean;
};

/** A kind of Compute Engine's: all of them are made, read, changed and deleted in the same way. */
export function computeKind(own: ComputeKind): Kind {
  const { title, collection, isRegional, labels } = own;
  const fields: FieldTable = {
    name: {},
    description: {},
    ...(labels && { labels: labelsField }),
    ...(isRegional && { region: { local: true } }),
    ...own.fields,
    ...everywhere,
  };
  const scope = (cloud: Cloud, inputs: Fields) =>
    `projects/${projectOf(cloud, inputs)}/${isRegional ? `regions/${placed("region", cloud, inputs)}` : "global"}`;
  const urlOf = (cloud: Cloud, id: string) => cloud.endpoints.compute + id;
  const body = (cloud: Cloud, inputs: Fields) => ({
    ...bodyOf(fields, inputs),
    ...own.more?.(cloud, inputs),
  });
  const read = ({ cloud, signal }: Run, id: string) => find(cloud, urlOf(cloud, id), signal);
  const readOn = async (run: Run, id: string): Promise<Live> => {
    const live = await read(run, id);
    if (!live) throw new Error(`${title} ${id} was there and is gone`);
    return live;
  };
  const setLabels = (run: Run, id: string, inputs: Fields, fingerprint: unknown) =>
    carryOut(
      run,
      {
        method: "POST",
        url: `${urlOf(run.cloud, id)}/setLabels`,
        body: {
          labelFingerprint: fingerprint,
          labels: effectiveLabels(run.cloud, inputs.labels, labels === "attributed"),
        },
      },
      `Updating ${title} Labels`,
    );

  return {
    fields,
    immovable: ["name", "project", ...(isRegional ? ["region"] : []), ...own.immovable],
    patience: { create: 1200, update: 1200, delete: 1200 },
    idOf: (cloud, inputs) => `${scope(cloud, inputs)}/${collection}/${String(inputs.name)}`,
    idFrom: (cloud, text) => computeId(cloud, text, collection, isRegional ?? false),
    fromId(id) {
      const [, project, , region, ...rest] = id.split("/");
      return isRegional ? { project, region, name: rest.at(-1) } : { project, name: rest.at(-1) };
    },
    async create(run, inputs, id) {
      const { cloud } = run;
      const given = effectiveLabels(cloud, inputs.labels, labels === "attributed");
      const isLabelled = labels !== undefined && Object.keys(given).length > 0;
      const url = urlOf(cloud, id.slice(0, id.lastIndexOf("/")));
      const asked = { ...body(cloud, inputs), ...(isLabelled && { labels: given }) };
      await saying(`Error creating ${title}`, `Error waiting to create ${title}`, () =>
        carryOut(run, { method: "POST", url, body: asked }, `Creating ${title}`),
      );
      const made = await readOn(run, id);
      if (!isLabelled) return made;
      await setLabels(run, id, inputs, made.labelFingerprint);
      return readOn(run, id);
    },
    read,
    async update(run, id, { inputs, state, changed }) {
      const { cloud } = run;
      let rest = changed.filter((name) => name !== "labels" && !fields[name]?.local);
      await saying(`Error updating ${title} ${JSON.stringify(id)}`, null, async () => {
        if (changed.includes("labels")) await setLabels(run, id, inputs, state.labelFingerprint);
        for (const name of rest.filter((each) => own.setters?.[each])) {
          await setField(run, own, id, name, bodyOf({ [name]: fields[name]! }, inputs));
        }
        rest = rest.filter((each) => !own.setters?.[each]);
        if (rest.length === 0) return;
        if (!own.verb) throw new Error(`this stand-in can't change ${rest.join(", ")}`);
        const { fingerprint } = state;
        const wanted = { ...body(cloud, inputs), ...(fingerprint !== undefined && { fingerprint }) };
        const kept =
          own.verb === "PUT" ? wanted : { ...without(wanted, own.immovable), ...gone(rest, inputs) };
        await carryOut(run, { method: own.verb, url: urlOf(cloud, id), body: kept }, `Updating ${title}`);
      });
      return readOn(run, id);
    },
    async remove(run, id) {
      const request = { method: "DELETE", url: urlOf(run.cloud, id) };
      await saying(`Error when reading or editing ${title}`, `Error waiting for Deleting ${title}`, () =>
        carryOut(run, request, `Deleting ${title}`),
      ).catch((error: Error) => {
        // What is gone already has gone well, to the plugin too (its HandleNotFoundError).
        if (!(error.cause instanceof GoogleApiError && error.cause.code === 404)) throw error;
      });
    },
    outputs: (live) => ({
      selfLink: live.selfLink,
      ...(labels && labelOutputs(live.labels, live.labelFingerprint)),
      ...(live.creationTimestamp !== undefined && { creationTimestamp: live.creationTimestamp }),
      ...(live.fingerprint !== undefined && { fingerprint: live.fingerprint }),
      ...own.outputs?.(live),
    }),
  };
}

async function setField(run: Run, own: ComputeKind, id: string, name: string, body: Fields): Promise<void> {
  const { method, isUnscoped } = own.setters![name]!;
  const { cloud, signal } = run;
  const path = isUnscoped ? id.replace("/global/", "/") : id;
  const activity = `Updating ${own.title}`;
  if (method !== "") {
    const request = { method: "POST", url: `${cloud.endpoints.compute}${path}/${method}`, body };
    return carryOut(run, request, activity);
  }
  // What guards against changes at the same time is another one after each change.
  const url = cloud.endpoints.compute + path;
  const { fingerprint } = (await find(cloud, url, signal)) ?? {};
  return carryOut(run, { method: "PATCH", url, body: { ...body, fingerprint } }, activity);
}

/** Runs it; an error gets the plugin's own words before it. */
async function saying(refused: string, failed: string | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { message, name } = error as Error;
    const before = name === "OperationFailed" ? (failed ?? refused) : refused;
    throw new Error(`${before}: ${message}`, { cause: error });
  }
}

function computeId(cloud: Cloud, text: string, collection: string, isRegional: boolean): string {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 3) return text;
  const before = parts.slice(0, -1);
  const region = isRegional ? (before.pop() ?? placed("region", cloud, {})) : null;
  const project = before.pop() ?? projectOf(cloud, {});
  return `projects/${project}/${region === null ? "global" : `regions/${region}`}/${collection}/${name}`;
}

/** A patch takes away only what it says is nothing. */
function gone(names: readonly string[], inputs: Fields): Fields {
  return Object.fromEntries(names.filter((name) => inputs[name] === undefined).map((name) => [name, null]));
}

function without(body: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name === "name" || !names.includes(name)),
  );
}
