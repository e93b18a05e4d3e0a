/** The tools that Sluice was tried with. Raise one here, then run `npm test`. */
export const versions = {
  /** the engine: the same release as the package @pulumi/pulumi, and required in pulumi-cli/go.mod */
  pulumi: "3.259.0",
  /** the load balancer, from the wheel in requirements-haproxy.txt */
  haproxy: "2.8.25",
  /** the oldest load balancer on PATH that will do: 2.8 brought what the runtime API needs */
  oldestHaproxy: "2.8",
  /** the Go toolchain from the wheel in requirements-go.txt */
  go: "1.26.6",
  /** what pulumi-cli/go.mod asks for */
  oldestGo: "1.25.11",
} as const;

/** Where the vendor keeps the engine's releases: archives, and a file of their checksums. */
export const pulumiReleases = "https://get.pulumi.com/releases/sdk";

/** Compares dotted numbers: `2.10` is newer than `2.8.25`. */
export function atLeast(version: string, oldest: string): boolean {
  const [have, need] = [version, oldest].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let i = 0; i < need!.length; i++) {
    const difference = (have![i] ?? 0) - need![i]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
