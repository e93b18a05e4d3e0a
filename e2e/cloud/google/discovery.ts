import { readFileSync } from "node:fs";
import path from "node:path";
import { documentNames, type DocumentName } from "#e2e/cloud/google/obtain-discovery.ts";

/** A description of a value, as Discovery documents write it (a subset of JSON schema draft 3). */
export type Schema = {
  $ref?: string;
  type?: "string" | "integer" | "number" | "boolean" | "object" | "array" | "any";
  format?: string;
  description?: string;
  enum?: string[];
  pattern?: string;
  readOnly?: boolean;
  default?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  annotations?: { required?: string[] };
};

export type Parameter = Schema & { location: "path" | "query"; required?: boolean; repeated?: boolean };

export type Method = {
  /** Such as `compute.urlMaps.insert`. */
  id: string;
  httpMethod: string;
  path: string;
  parameters: Record<string, Parameter>;
  request?: { $ref: string };
  response?: { $ref: string };
  service: Service;
  match: RegExp;
  /** Names of the path's parameters, in the order of the groups of `match`. */
  names: string[];
};

export type Service = {
  name: DocumentName;
  schemas: Record<string, Schema>;
  /** Query parameters that every method takes. */
  parameters: Record<string, Schema>;
  methods: Method[];
  /** The same by HTTP method and number of segments; those of many segments under the HTTP method alone. */
  index: Map<string, Method[]>;
};

type RawMethod = Omit<Method, "service" | "match" | "names" | "parameters"> & {
  parameters?: Record<string, Parameter>;
};
type Resource = { methods?: Record<string, RawMethod>; resources?: Record<string, Resource> };
type RawDocument = Resource & { schemas: Record<string, Schema>; parameters: Record<string, Schema> };

export type Discovery = Record<DocumentName, Service>;

const read = new Map<string, Discovery>();

/** Reads the documents that obtainDiscovery put into a folder, once in a process: they have 8 MB. */
export function readDiscovery(folder: string): Discovery {
  const known = read.get(folder);
  if (known) return known;
  const services = documentNames.map((name): [DocumentName, Service] => {
    const raw = JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) as RawDocument;
    const service: Service = {
      name,
      schemas: raw.schemas,
      parameters: raw.parameters,
      methods: [],
      index: new Map(),
    };
    service.methods.push(...methodsOf(raw, service));
    for (const method of service.methods) {
      const group = indexOf(method.httpMethod, method.path.includes("{+") ? null : method.path);
      service.index.set(group, [...(service.index.get(group) ?? []), method]);
    }
    return [name, service];
  });
  const discovery = Object.fromEntries(services) as Discovery;
  read.set(folder, discovery);
  return discovery;
}

function methodsOf(resource: Resource, service: Service): Method[] {
  const own = Object.values(resource.methods ?? {}).map((raw): Method => {
    const parameters = raw.parameters ?? {};
    return { ...raw, parameters, service, ...compilePath(raw.path, parameters) };
  });
  const nested = Object.values(resource.resources ?? {}).flatMap((each) => methodsOf(each, service));
  return [...own, ...nested];
}

/**
 * `{name}` is one segment, whose pattern is checked later, so that a bad name is called that; `{+name}` is as
 * many as its pattern says, which decides what the method is.
 */
function compilePath(template: string, parameters: Record<string, Parameter>) {
  const names: string[] = [];
  const source = template
    .split(/(\{\+?\w+\})/)
    .map((part) => {
      const [, many, name] = /^\{(\+?)(\w+)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      names.push(name);
      if (!many) return template.includes(`${part}:`) ? "([^/:]+)" : "([^/]+)";
      const pattern = (parameters[name]?.pattern ?? "^.+$").replace(/^\^|\$$/g, "");
      // A verb after a colon is the method's, never a part of a name.
      return `(${pattern.replaceAll("[^/]+", "[^/:]+").replaceAll("(", "(?:").replaceAll("(?:?:", "(?:")})`;
    })
    .join("");
  return { names, match: new RegExp(`^${source}$`) };
}

/** Compute Engine alone has a thousand methods: most are told apart by how many segments they have. */
const indexOf = (httpMethod: string, path: string | null): string =>
  path === null ? httpMethod : `${httpMethod} ${path.split("/").length}`;

/**
 * The method for a request, with the path's parameters decoded, or null where Google has none.
 *
 * @param rest the path after the service's own, such as `projects/p/global/networks`
 */
export function findMethod(
  service: Service,
  httpMethod: string,
  rest: string,
): { method: Method; params: Record<string, string> } | null {
  const groups = [indexOf(httpMethod, rest), indexOf(httpMethod, null)];
  for (const method of groups.flatMap((group) => service.index.get(group) ?? [])) {
    const found = method.match.exec(rest);
    if (!found) continue;
    const entries = method.names.map((name, index) => [name, decoded(found[index + 1] ?? "")]);
    return { method, params: Object.fromEntries(entries) as Record<string, string> };
  }
  return null;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not an encoding: the name's pattern or the look-up refuses it.
    return segment;
  }
}
