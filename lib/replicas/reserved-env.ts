/**
 * Names that a person may not set for a model server on this machine: they would load other code into it, which
 * then ran as the portal's own user, or are Sluice's own.
 */
export function isReservedEnvName(name: string): boolean {
  return (
    /^(NODE_|LD_|DYLD_|SLUICE_)/i.test(name) || ["PATH", "HOME", "TMPDIR", "BASH_ENV", "ENV"].includes(name)
  );
}
