import { archiveRefusal } from "#lib/archives/archive-error.ts";
import { archiveLimits } from "#lib/archives/limits.ts";

/** What systems put into a folder of a person's without being asked. */
const litter = ["__macosx", "thumbs.db", "desktop.ini"];

/**
 * Whether a file is served. What is hidden isn't: `.git` and `.env` hold what nobody means to publish.
 *
 * @param path as `checkedPath` lets it pass
 */
export function isServed(path: string): boolean {
  return path.split("/").every((part) => !part.startsWith(".") && !litter.includes(part.toLowerCase()));
}

/**
 * The path of an archive's entry, if it leads to a place inside of it whatever unpacks it.
 *
 * @throws SluiceError `invalid` with the reason
 */
export function checkedPath(name: string): string {
  const shown = JSON.stringify(name.slice(0, 60));
  const refuse = (reason: string) => archiveRefusal(`The archive has a file named ${shown}: ${reason}.`);
  if (/[\0-\x1f\x7f]/.test(name)) throw refuse("a control character can't be in a name");
  if (name.includes("\\")) throw refuse("a backslash can't be in a name. Pack it with a tool that writes /");
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name))
    throw refuse("its path has to begin inside the archive");
  const parts = name.split("/");
  if (parts.includes("..") || parts.includes(".")) throw refuse("its path leads elsewhere by dots");
  if (parts.includes("")) throw refuse("a part of its path is empty");
  return name;
}

/** @throws SluiceError `invalid` */
export function refuseLong(path: string): void {
  const { pathCharacters } = archiveLimits;
  if (path.length <= pathCharacters) return;
  const shown = JSON.stringify(`${path.slice(0, 60)}…`);
  throw archiveRefusal(
    `The archive has a file at ${shown}: its path has ${path.length} characters, and at most ${pathCharacters} can be served.`,
  );
}
