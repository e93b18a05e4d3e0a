"use client";

import { useEffect, useId, useRef, useState, type DragEvent, type ReactNode, type RefObject } from "react";
import { FileArchive, FileUp, Trash2, X } from "lucide-react";
import { ArchiveSummary, sizeWords } from "#components/form/archive-summary.tsx";
import type { FormTools } from "#components/form/form-context.tsx";
import { useArchive, type ArchiveUpload } from "#components/form/use-archive.ts";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cx } from "#components/ui/class-names.ts";
import { FieldProblem, TextField } from "#components/ui/field.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import type { ArchiveView } from "#lib/archives/archive-view.ts";
import { archiveLimits, inMebibytes } from "#lib/archives/limits.ts";

export type StaticContent = { prefix: string; archive: string };
type Tie = ReturnType<FormTools["at"]>;

type Props = {
  value: StaticContent | null;
  onChange: (value: StaticContent | null) => void;
  /** why no static files can be served, or null */
  refusal: string | null;
  /** what ties the two fields to the spec's: `at("google.staticContent.prefix")` and so on */
  problems: { prefix: Tie; archive: Tie };
  /** what is known of the chosen archive; without it, it is asked for */
  archive?: ArchiveView | null;
};

const usualPrefix = "/static";

/** Files that the load balancer serves beside the model, to anybody: an archive that is uploaded here. */
export function StaticContentField({ value, onChange, refusal, problems, archive: known = null }: Props) {
  const upload = useArchive(value?.archive ?? null, known, ({ id }) =>
    onChange({ prefix: value?.prefix ?? usualPrefix, archive: id }),
  );
  const chooser = useRef<HTMLInputElement>(null);
  const isPending = upload.sending !== null || upload.trouble !== null;
  useHeldBack(chooser, refusal === null && isPending, upload.insist);
  const remove = () => {
    upload.cancel();
    onChange(null);
    // The button goes, and whoever pressed it by the keyboard must not be sent to the top of the page.
    chooser.current?.focus();
  };
  if (refusal !== null) return <Refused {...{ refusal, isGiven: value !== null, remove }} />;
  const { archive, sending } = upload;
  return (
    <div className="flex flex-col gap-3">
      <DropZone {...{ upload, chooser, tie: problems.archive, isReplacing: value !== null }}>
        {value !== null && <Chosen archive={archive} />}
      </DropZone>
      <p role="status" className="sr-only">
        {sending === null && archive ? `${archive.name} is uploaded: ${sizeWords(archive)}.` : ""}
      </p>
      {value !== null && (
        <>
          {archive && <ArchiveSummary archive={archive} />}
          <TextField
            label="Path prefix"
            mono
            autoComplete="off"
            spellCheck={false}
            value={value.prefix}
            onChange={(event) => onChange({ ...value, prefix: event.target.value })}
            hint={<ExampleAddress {...{ prefix: value.prefix, archive }} />}
            {...problems.prefix}
          />
          <Callout tone="warn">Anyone on the internet can read these files, without a key.</Callout>
          <Button className="self-start" icon={<Trash2 aria-hidden className="size-4" />} onClick={remove}>
            Remove the static files
          </Button>
        </>
      )}
    </div>
  );
}

/** While files are on their way, or couldn't be uploaded, the form isn't sent: it would be sent without them. */
function useHeldBack(control: RefObject<HTMLInputElement | null>, isHeld: boolean, insist: () => void) {
  useEffect(() => {
    const form = isHeld ? control.current?.form : null;
    if (!form) return;
    const hold = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
      insist();
      // What holds it must be seen: its section may have been closed meanwhile.
      const section = control.current?.closest("details");
      if (section) section.open = true;
      control.current?.focus();
    };
    form.addEventListener("submit", hold, { capture: true });
    return () => form.removeEventListener("submit", hold, { capture: true });
  }, [control, isHeld, insist]);
}

function Refused({ refusal, isGiven, remove }: { refusal: string; isGiven: boolean; remove: () => void }) {
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-muted">{refusal}</p>
      {isGiven && (
        <Button icon={<Trash2 aria-hidden className="size-4" />} onClick={remove}>
          Remove the static files
        </Button>
      )}
    </div>
  );
}

function Chosen({ archive }: { archive: ArchiveView | null }) {
  return (
    <p className="flex min-w-0 items-center gap-2">
      <FileArchive aria-hidden className="size-4 shrink-0 text-muted" />
      {archive ? (
        <>
          <span className="code min-w-0 break-all">{archive.name}</span>
          <span className="figures shrink-0 text-faint">{sizeWords(archive)}</span>
        </>
      ) : (
        <span className="text-muted">An archive that was uploaded</span>
      )}
    </p>
  );
}

function ExampleAddress({ prefix, archive }: { prefix: string; archive: ArchiveView | null }) {
  const paths = archive?.files.map(({ path }) => path) ?? [];
  const path = paths.find((one) => one === "index.html") ?? paths[0] ?? "index.html";
  return (
    <>
      Beneath it, each at its path in the archive:{" "}
      <span className="code break-all">
        http://ADDRESS{prefix}/{path.split("/").map(encodeURIComponent).join("/")}
      </span>
    </>
  );
}

type ZoneProps = {
  upload: ArchiveUpload;
  chooser: RefObject<HTMLInputElement | null>;
  tie: Tie;
  isReplacing: boolean;
  children: ReactNode;
};

/** Where an archive is dropped, or chosen: the control is the browser's own, so that the keyboard reaches it. */
function DropZone({ upload, chooser, tie, isReplacing, children }: ZoneProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const { error: problem, ...mark } = tie;
  const error = upload.trouble ?? problem;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    upload.send([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div
        className={cx(
          "flex flex-col gap-3 rounded-md border border-dashed p-4",
          error ? "border-bad" : isOver ? "border-accent" : "border-edge",
          isOver && "bg-sunken",
        )}
      >
        {children}
        {upload.sending && (
          <Sending
            {...upload.sending}
            cancel={() => {
              upload.cancel();
              chooser.current?.focus();
            }}
          />
        )}
        <div className="flex flex-wrap items-center gap-3">
          <label
            className={cx(buttonClass(), "has-focus-visible:outline-2 has-focus-visible:outline-accent")}
          >
            <FileUp aria-hidden className="size-4" />
            {isReplacing ? "Choose another zip archive" : "Choose a zip archive"}
            <input
              ref={chooser}
              type="file"
              accept=".zip,application/zip"
              className="sr-only"
              aria-invalid={error ? true : undefined}
              aria-describedby={error ? `${id}-error ${id}-hint` : `${id}-hint`}
              {...mark}
              onChange={(event) => {
                const files = [...(event.target.files ?? [])];
                // The same file again, mended, is a choice too.
                event.target.value = "";
                if (files.length > 0) upload.send(files);
              }}
            />
          </label>
          <span className="text-muted max-sm:hidden">or drop it here</span>
          {upload.trouble && !upload.sending && (
            <Button
              look="quiet"
              onClick={() => {
                upload.cancel();
                chooser.current?.focus();
              }}
            >
              {isReplacing ? "Leave the files as they are" : "Go on without files"}
            </Button>
          )}
        </div>
        <p id={`${id}-hint`} className="text-small text-faint">
          At most {inMebibytes(archiveLimits.bytes)}, unpacked {inMebibytes(archiveLimits.unpackedBytes)}, and{" "}
          {archiveLimits.files} files.
        </p>
      </div>
      <div role="alert">{error && <FieldProblem id={`${id}-error`}>{error}</FieldProblem>}</div>
    </div>
  );
}

function Sending({ name, share, cancel }: { name: string; share: number; cancel: () => void }) {
  const isChecked = share >= 1;
  const words = isChecked ? "being checked" : `${Math.floor(share * 100)} % sent`;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex min-w-0 items-center justify-between gap-3">
        <p className="min-w-0 break-all">
          <span className="code">{name}</span> <span className="figures text-faint">{words}</span>
        </p>
        <Button size="small" look="quiet" icon={<X aria-hidden className="size-4" />} onClick={cancel}>
          Cancel
        </Button>
      </div>
      <ProgressBar value={share} label={`Upload of ${name}`} text={words} />
    </div>
  );
}
