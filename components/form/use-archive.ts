import { useCallback, useEffect, useRef, useState } from "react";
import { fileProblem, readUploaded, uploadArchive, UploadError } from "#components/form/upload-archive.ts";
import type { ArchiveView } from "#lib/archives/archive-view.ts";

export type ArchiveUpload = {
  /** what is in the chosen archive, as soon as it is known */
  archive: ArchiveView | null;
  /** the share that was sent, 0 to 1; null: nothing is under way */
  sending: { name: string; share: number } | null;
  trouble: string | null;
  send(files: readonly File[]): void;
  cancel(): void;
  /** says that what is under way has to end first; what went wrong stays said */
  insist(): void;
};

/**
 * Uploads archives, one at a time: another one takes the place of the one under way.
 *
 * @param chosen the archive that the form has; null: none
 * @param known what is known of it already
 * @param onUploaded gets each that was kept
 */
export function useArchive(
  chosen: string | null,
  known: ArchiveView | null,
  onUploaded: (archive: ArchiveView) => void,
): ArchiveUpload {
  const [seen, setSeen] = useState(known);
  const [sending, setSending] = useState<ArchiveUpload["sending"]>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const underWay = useRef<AbortController | null>(null);
  // What else was typed meanwhile must not be lost when the upload ends.
  const tell = useRef(onUploaded);
  useEffect(() => {
    tell.current = onUploaded;
  });
  useEffect(() => () => underWay.current?.abort(), []);

  const archive = [seen, known].find((one) => one !== null && one.id === chosen) ?? null;
  const unknown = archive === null ? chosen : null;
  useEffect(() => {
    if (unknown === null) return;
    const leaving = new AbortController();
    readUploaded(unknown, leaving.signal)
      .then((found) => (found ? setSeen(found) : setTrouble(gone)))
      .catch((error: unknown) => leaving.signal.aborted || setTrouble(wordsOf(error)));
    return () => leaving.abort();
  }, [unknown]);

  const send = useCallback((files: readonly File[]) => {
    const [file] = files;
    const problem = !file || files.length > 1 ? "Choose one zip archive." : fileProblem(file);
    setTrouble(problem);
    if (!file || problem) return;
    underWay.current?.abort();
    const own = new AbortController();
    underWay.current = own;
    setSending({ name: file.name, share: 0 });
    uploadArchive(file, {
      signal: own.signal,
      onProgress: (share) => own.signal.aborted || setSending({ name: file.name, share }),
    })
      .then((kept) => {
        setSeen(kept);
        setTrouble(null);
        tell.current(kept);
      })
      .catch((error: unknown) => own.signal.aborted || setTrouble(wordsOf(error)))
      .finally(() => own.signal.aborted || setSending(null));
  }, []);

  const cancel = useCallback(() => {
    underWay.current?.abort();
    setSending(null);
    setTrouble(null);
  }, []);
  const insist = useCallback(
    () => setTrouble((said) => said ?? "Wait until the files are uploaded, or cancel it."),
    [],
  );
  return { archive, sending, trouble, send, cancel, insist };
}

const gone = "The uploaded files aren’t there any more. Upload them again.";

function wordsOf(error: unknown): string {
  return error instanceof UploadError ? error.message : "The upload failed. Try again.";
}
