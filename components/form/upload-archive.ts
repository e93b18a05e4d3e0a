import type { ArchiveView } from "#lib/archives/archive-view.ts";
import { archiveLimits, inMebibytes } from "#lib/archives/limits.ts";
import { apiRoutes } from "#lib/routes.ts";
import { formatBytes } from "#components/ui/format.ts";

/** Why no archive came of it, for the person who chose it. */
export class UploadError extends Error {
  override readonly name = "UploadError";
}

/** What can be told of a file before it is sent; null: nothing is wrong with it. */
export function fileProblem({ name, size }: Pick<File, "name" | "size">): string | null {
  if (!/\.zip$/i.test(name)) return `${name} isn’t a zip archive. Pack the files into one first.`;
  if (size > archiveLimits.bytes)
    return `${name} has ${formatBytes(size)}, and an archive has at most ${inMebibytes(archiveLimits.bytes)}.`;
  return null;
}

/**
 * Sends a zip to the portal. By XMLHttpRequest: `fetch` doesn't say how far an upload is.
 *
 * @param onProgress gets the share that was sent, 0 to 1
 * @throws UploadError with a sentence, or the signal's reason
 */
export function uploadArchive(
  file: File,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<ArchiveView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const end = (outcome: () => void) => {
      signal.removeEventListener("abort", abort);
      outcome();
    };
    const abort = () => request.abort();
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () =>
      end(() => {
        const { archive, problem } = readAnswer(request.status, request.responseText);
        if (archive) resolve(archive);
        else reject(new UploadError(problem));
      });
    request.onerror = () => end(() => reject(new UploadError(unreachable)));
    request.onabort = () => end(() => reject(signal.reason as Error));
    if (signal.aborted) return reject(signal.reason as Error);
    signal.addEventListener("abort", abort);
    request.open("POST", apiRoutes.archives(file.name.slice(-longestName)));
    request.setRequestHeader("content-type", "application/zip");
    request.send(file);
  });
}

/** What is in an archive that was uploaded earlier; null: it is gone, or somebody else's. @throws UploadError */
export async function readUploaded(id: string, signal: AbortSignal): Promise<ArchiveView | null> {
  const response = await fetch(apiRoutes.archive(id), { cache: "no-store", signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      throw new UploadError(unreachable, { cause: error });
    },
  );
  if (response.status === 404) return null;
  const { archive, problem } = readAnswer(response.status, await response.text());
  if (!archive) throw new UploadError(problem);
  return archive;
}

/** The API takes no longer name; its end says most. */
const longestName = 100;
const unreachable = "The portal can’t be reached. Look at your connection and try again.";

type Answer = { archive: ArchiveView; problem?: never } | { archive?: never; problem: string };

function readAnswer(status: number, text: string): Answer {
  const body = readJson(text);
  if (status >= 200 && status < 300 && body) return { archive: body as ArchiveView };
  if (status === 401)
    return { problem: "You are signed out. Sign in again in another tab, and try again here." };
  const { detail } = (body ?? {}) as { detail?: string };
  return { problem: detail ?? `The portal answered ${status}. Try again in a moment.` };
}

function readJson(text: string): object | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}
