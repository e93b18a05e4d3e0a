import { SluiceError } from "#lib/errors.ts";

/** What is wrong with an archive, for the person who sent it. */
export function archiveRefusal(message: string, cause?: unknown): SluiceError {
  return new SluiceError("invalid", message, { cause });
}
