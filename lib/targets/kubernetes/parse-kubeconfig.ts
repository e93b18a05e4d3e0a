import * as z from "zod";
import { parseCredentials, type Credentials } from "#lib/targets/kubernetes/credentials.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import { readCertificates } from "#lib/targets/kubernetes/certificates.ts";
import { readYaml } from "#lib/targets/kubernetes/read-yaml.ts";

/** All that is kept of a kubeconfig: where the cluster is, how it is known, and who asks. */
export type ClusterAccess = {
  contextName: string;
  /** the API server's URL, without a slash at its end */
  server: string;
  /** the name in the server's certificate, where it isn't the URL's */
  tlsServerName: string | null;
  /** PEM; `null` where the machine's own authorities vouch for the server */
  certificateAuthority: string | null;
  credentials: Credentials;
  /** when the certificate or the token is over, where that can be known */
  expiresAt: Date | null;
};

const entries = z.array(z.looseObject({ name: z.string() }).nullish()).nullish();
const kubeconfig = z.looseObject({
  kind: z.literal("Config").nullish(),
  "current-context": z.string().nullish(),
  contexts: entries,
  clusters: entries,
  users: entries,
});
type Fields = Record<string, unknown>;

/**
 * Reads what a kubeconfig says of one context and nothing else of it. Whatever would make the reader run a program,
 * read a file, trust anybody or take a way round is refused.
 *
 * @param options.context the context's name; without it the file's current one, or its only one
 * @throws KubeconfigError
 */
export function parseKubeconfig(text: string, options: { context?: string; now: Date }): ClusterAccess {
  const parsed = kubeconfig.safeParse(readYaml(text));
  if (!parsed.success) {
    throw new KubeconfigError(
      "malformed",
      "This is YAML, but no kubeconfig: it needs clusters, users and contexts. Send what kubectl config view --minify --flatten --raw prints.",
    );
  }
  const file = parsed.data;
  const contextName = chooseContext(file, options.context);
  const context = find(file.contexts, "context", contextName) ?? {};
  const cluster = find(file.clusters, "cluster", context.cluster);
  if (!cluster) {
    throw new KubeconfigError(
      "missing_cluster",
      `The context ${quoted(contextName)} names a cluster that isn't in this file.`,
    );
  }
  const user = find(file.users, "user", context.user);
  if (!user) {
    throw new KubeconfigError(
      "missing_user",
      `The context ${quoted(contextName)} names a user that isn't in this file.`,
    );
  }
  return { contextName, ...parseCluster(cluster), ...parseCredentials(user, options.now) };
}

/** Which context is meant: the one that was named, else the current one, else the only one. */
function chooseContext(file: z.infer<typeof kubeconfig>, wanted: string | undefined): string {
  const names = (file.contexts ?? []).flatMap((entry) => (entry ? [entry.name] : []));
  const list = names.slice(0, 10).map(quoted).join(", ");
  if (wanted) {
    if (names.includes(wanted)) return wanted;
    const message =
      names.length > 0
        ? `There is no context ${quoted(wanted)} in it. There is: ${list}.`
        : "There is no context in it.";
    throw new KubeconfigError("missing_context", message, "context");
  }
  const current = file["current-context"];
  if (current) {
    if (names.includes(current)) return current;
    throw new KubeconfigError(
      "missing_context",
      `Its current context ${quoted(current)} isn't among its contexts${list ? `: ${list}` : ""}.`,
    );
  }
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  if (only === undefined) {
    throw new KubeconfigError(
      "missing_context",
      "There is no context in it, which says who asks which cluster.",
    );
  }
  throw new KubeconfigError(
    "missing_context",
    `It has several contexts and no current one. Name one of: ${list}.`,
    "context",
  );
}

function find(
  list: z.infer<typeof entries>,
  key: "context" | "cluster" | "user",
  name: unknown,
): Fields | null {
  const entry = (list ?? []).find((one) => one?.name === name);
  const value = entry?.[key];
  return typeof value === "object" && value !== null ? (value as Fields) : null;
}

type ParsedCluster = Pick<ClusterAccess, "server" | "tlsServerName" | "certificateAuthority">;

function parseCluster(cluster: Fields): ParsedCluster {
  if (cluster["insecure-skip-tls-verify"] === true) {
    throw new KubeconfigError(
      "insecure",
      "It says insecure-skip-tls-verify: then anybody between here and there could answer in the cluster's name. Put the cluster's certificate-authority-data in its place.",
    );
  }
  if (cluster["proxy-url"]) {
    throw new KubeconfigError(
      "proxy",
      "It reaches the cluster through a proxy (proxy-url), which isn't taken. Use an address that this machine reaches directly.",
    );
  }
  if (cluster["certificate-authority"]) {
    throw new KubeconfigError(
      "file_reference",
      "It names a file (certificate-authority), and Sluice reads no files of yours. Put them in: kubectl config view --minify --flatten --raw.",
    );
  }
  const data = cluster["certificate-authority-data"];
  return {
    server: parseServer(cluster.server),
    tlsServerName: parseServerName(cluster["tls-server-name"]),
    certificateAuthority: data ? readCertificates(data, "certificate-authority-data").pem : null,
  };
}

/** A name that certificates can hold: it goes into a handshake and a file. */
function parseServerName(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string" && /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value))
    return value;
  throw new KubeconfigError("bad_server", "Its tls-server-name isn't a host's name.");
}

function parseServer(value: unknown): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new KubeconfigError("bad_server", "Its server isn't a URL such as https://10.0.0.1:6443.");
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new KubeconfigError(
      "bad_server",
      "Its server's URL holds a user, a query or a fragment. It is the address alone: https://HOST:PORT.",
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new KubeconfigError(
      "insecure",
      "Its server is http: then everybody on the way reads the credentials. Use its https address.",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A name as it stands in a sentence, shortened: it is somebody else's text. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
