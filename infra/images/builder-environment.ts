const prefixes = /^(DOCKER|BUILDKIT|BUILDX|CONTAINER|CONTAINERD|CONTAINERS|NERDCTL|STORAGE)_/;
const names = [
  "REGISTRY_AUTH_FILE",
  "XDG_RUNTIME_DIR",
  "XDG_DATA_HOME",
  "SSH_AUTH_SOCK",
  "DBUS_SESSION_BUS_ADDRESS",
];

/** What tells a builder where its daemon and its registries' credentials are, of the caller's environment. */
export function builderEnvironment(source: Record<string, string | undefined>): Record<string, string> {
  const wanted = Object.entries(source).filter(
    ([name, value]) => value !== undefined && (prefixes.test(name) || names.includes(name)),
  );
  return Object.fromEntries(wanted) as Record<string, string>;
}
