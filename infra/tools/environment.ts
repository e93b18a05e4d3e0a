type Source = Record<string, string | undefined>;

const machine = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR"];
const go = ["GOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE", "GOPATH", "GOCACHE", "GOMODCACHE"];
const certificates = ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"];
const folders = ["XDG_CACHE_HOME", "XDG_CONFIG_HOME"];
const fetching = new Set([...go, ...certificates, ...folders]);

/** What any program of the machine expects of its environment; nothing else of the caller's is handed on. */
export function machineEnvironment(source: Source): Record<string, string> {
  return pick(source, (name) => machine.includes(name));
}

/** What pip, Go and downloads need where a proxy, a mirror or another certificate stands between. */
export function fetchingEnvironment(source: Source): Record<string, string> {
  return pick(
    source,
    (name) => fetching.has(name) || name.startsWith("PIP_") || /^(https?|no|all)_proxy$/i.test(name),
  );
}

/** Where Google's own libraries look for who asks: for the worker, which may be told to ask as its own machine does. */
export function googleEnvironment(source: Source): Record<string, string> {
  return pick(source, (name) => ["GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG"].includes(name));
}

function pick(source: Source, isWanted: (name: string) => boolean): Record<string, string> {
  const entries = Object.entries(source).filter(([name, value]) => isWanted(name) && value !== undefined);
  return Object.fromEntries(entries) as Record<string, string>;
}
