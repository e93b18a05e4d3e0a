import { Disclosure } from "#components/ui/disclosure.tsx";
import { formatBytes } from "#components/ui/format.ts";
import type { ArchiveView } from "#lib/archives/archive-view.ts";

type Listed = ArchiveView["files"][number];

/** Shown without asking; more make the form long. */
const first = 6;

/** How many files an archive has and how large they are. */
export function sizeWords({ files }: Pick<ArchiveView, "files">): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${files.length === 1 ? "1 file" : `${files.length} files`}, ${formatBytes(bytes)}`;
}

/** What an uploaded archive has in it, and what of it isn't served. */
export function ArchiveSummary({ archive }: { archive: ArchiveView }) {
  const { files, folder, leftOut } = archive;
  const rest = files.slice(first);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <FileList files={files.slice(0, first)} label={`Files of ${archive.name}`} />
      {rest.length > 0 && (
        <Disclosure title={`${rest.length} more`}>
          <div
            // A box that scrolls has to be reached by the keyboard too.
            tabIndex={0}
            role="group"
            aria-label={`More files of ${archive.name}`}
            className="max-h-64 overflow-y-auto"
          >
            <FileList files={rest} label={`The other files of ${archive.name}`} />
          </div>
        </Disclosure>
      )}
      {folder !== null && (
        <p className="text-small text-muted">
          All of it was in the folder <span className="code">{folder}</span>, which is no part of the
          addresses.
        </p>
      )}
      {leftOut.count > 0 && (
        <p className="text-small break-words text-muted">
          Hidden files and what systems add are left out: {leftOutWords(leftOut)}.
        </p>
      )}
    </div>
  );
}

const namedLeftOut = 3;

function leftOutWords({ count, first: names }: ArchiveView["leftOut"]): string {
  const shown = names.slice(0, namedLeftOut).join(", ");
  const more = count - Math.min(names.length, namedLeftOut);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function FileList({ files, label }: { files: Listed[]; label: string }) {
  return (
    <ul aria-label={label} className="flex min-w-0 flex-col gap-1 text-small">
      {files.map(({ path, bytes }) => (
        <li key={path} className="flex min-w-0 justify-between gap-3">
          <span className="code min-w-0 break-all">{path}</span>
          <span className="figures shrink-0 text-faint">{formatBytes(bytes)}</span>
        </li>
      ))}
    </ul>
  );
}
