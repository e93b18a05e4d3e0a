/** What an archive of static files may have. */
export const archiveLimits = {
  /** of the archive as it is uploaded */
  bytes: 20 * 1024 * 1024,
  /** of its files when they are unpacked */
  unpackedBytes: 50 * 1024 * 1024,
  files: 1000,
  /** of a file's path */
  pathCharacters: 200,
  /** archives that a person has and that no deployment uses yet; another one takes the oldest one's place */
  unused: 10,
  /** uploads of a person in an hour */
  hourly: 60,
} as const;

/** One of these limits in words. */
export function inMebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
