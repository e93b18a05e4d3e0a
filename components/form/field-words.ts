const words: Record<string, string> = {
  name: "Name",
  target: "Target",
  model: "Model",
  preset: "Model",
  image: "Image",
  runAsRoot: "Runs as root",
  scaling: "Replicas",
  minReplicas: "Replicas from",
  maxReplicas: "Replicas to",
  targetInFlight: "Wanted in flight",
  targetCpuPercent: "Wanted processor use, in %",
  scaleDownSeconds: "Scales down after, in seconds",
  resources: "Resources",
  cpu: "Processor",
  memory: "Memory",
  gpus: "GPUs",
  metric: "Scales on",
  weight: "Weight",
  healthPath: "Health check",
  routing: "Routing",
  algorithm: "Balancing",
  affinity: "Sticky sessions",
  by: "Sticky sessions",
  header: "Header",
  cookie: "Cookie",
  query: "Query",
  pathPrefix: "Path",
  method: "Method",
  variant: "Variant",
  value: "Value",
  secret: "Secret",
  keep: "Secret",
  port: "Port",
  access: "Access",
  layer: "Load balancer",
  tls: "Protocol",
  mode: "Protocol",
  certificate: "Certificate",
  key: "Private key",
  redirectFrom: "Redirect from HTTP port",
  subject: "Certificate’s subject",
  issuer: "Certificate’s issuer",
  names: "Certificate’s names",
  validFrom: "Certificate valid from",
  expiresAt: "Certificate expires",
  fingerprint: "Certificate’s fingerprint",
  pem: "Certificate",
  env: "Environment",
  gatewayClass: "Gateway class",
  serviceType: "Service type",
  google: "Google Cloud",
  location: "Location",
  zones: "Zones",
  cluster: "Cluster",
  machineType: "Machine type",
  minNodes: "Nodes from",
  maxNodes: "Nodes to",
  spot: "Spot nodes",
  gpu: "GPU in each node",
  releaseChannel: "Release channel",
  network: "Network",
  subnetwork: "Subnet",
  podsRange: "Range for pods",
  servicesRange: "Range for Services",
  domain: "Domain",
  leavingDomains: "Earlier domain",
  staticContent: "Static files",
  prefix: "Static files’ path",
  archive: "Static files",
  logSampleRate: "Share of requests logged",
  maxRatePerEndpoint: "Requests a second per replica",
  pullSecret: "Pull secret",
  registry: "Pull secret’s registry",
  username: "Pull secret’s user",
  password: "Pull secret’s password",
  ttlMinutes: "Time to live, in minutes",
  endpoint: "Endpoint",
  variants: "Variants",
};

/** Where the last word alone would say too little. */
const byPath: Record<string, string> = {
  "google.cluster.mode": "Cluster",
  "google.cluster.name": "Existing cluster",
  "google.cluster.location": "Existing cluster",
  "google.cluster.gpu.type": "GPU in each node",
  "google.cluster.gpu.count": "GPUs in each node",
};

/**
 * A field's path as a person calls it: `variants.1.scaling.maxReplicas` → `Variant 2, replicas to`. Where there
 * is one variant, it isn't named; where `names` has its name, that stands for the number.
 */
export function fieldWords(
  field: string,
  severalVariants = true,
  names: { variants?: readonly string[]; env?: readonly string[] } = {},
): string {
  const known = byPath[field];
  if (known) return known;
  const parts = field.split(".");
  const place = (list: string, what: string, called: readonly string[] = []) => {
    const at = parts.indexOf(list);
    const number = at >= 0 && parts[at + 1] !== undefined ? Number(parts[at + 1]) : NaN;
    return Number.isInteger(number) ? `${what} ${called[number] || number + 1}` : null;
  };
  const where =
    (severalVariants ? place("variants", "Variant", names.variants) : null) ??
    place("rules", "Rule") ??
    place("env", "Variable", names.env);
  const last = parts.findLast((part) => Number.isNaN(Number(part))) ?? field;
  const what = words[last] ?? last;
  // A single variant isn't named, but its name isn't the deployment's.
  if (!where) return parts[0] === "variants" && last === "name" ? "Variant’s name" : what;
  return ["variants", "rules", "env"].includes(last) ? where : `${where}, ${what.toLowerCase()}`;
}
