import { renameSync, writeFileSync } from "node:fs";

/** Writes a file that is whole at every moment: beside it, then renamed. Mode 0600. */
export function writeAtomically(file: string, text: string): void {
  const beside = `${file}.new`;
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, file);
}
