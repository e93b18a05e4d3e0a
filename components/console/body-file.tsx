"use client";

import { useEffect, useState } from "react";
import { FileUp } from "lucide-react";
import { Button, buttonClass } from "#components/ui/button.tsx";
import { FieldProblem } from "#components/ui/field.tsx";
import { cx } from "#components/ui/class-names.ts";
import { formatBytes } from "#components/ui/format.ts";

export type BodyFile = { name: string; type: string; size: number; base64: string; address: string };

/** The portal takes 12 MB a call, and base64 makes a file a third longer. */
const MOST_BYTES = 8_000_000;

type Props = { sample: string; value: BodyFile | null; onChange: (file: BodyFile) => void };

/** A file as the body: the model's sample at first, or one of one's own. */
export function BodyFileField({ sample, value, onChange }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: Blob, name: string) => {
    if (file.size > MOST_BYTES) {
      setProblem(
        `${name} has ${formatBytes(file.size)}; the console sends up to ${formatBytes(MOST_BYTES)}.`,
      );
      return;
    }
    setProblem(null);
    onChange(await readFile(file, name));
  };
  const takeSample = async () => {
    try {
      const response = await fetch(sample);
      if (!response.ok) throw new Error(String(response.status));
      await take(await response.blob(), sample.split("/").at(-1) ?? "sample");
    } catch {
      setProblem("The sample couldn’t be read. Choose a file of your own.");
    }
  };
  useEffect(() => {
    if (!value) void takeSample();
    // Only once, as the console opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">Body</legend>
      <div className="flex flex-wrap items-start gap-4 rounded-md border p-3">
        {value?.type.startsWith("image/") && (
          <img
            src={value.address}
            alt={`Preview of ${value.name}`}
            className="max-h-56 max-w-full rounded-sm border"
          />
        )}
        <div className="flex min-w-48 flex-1 flex-col items-start gap-2">
          <p className="min-w-0 break-all">
            {value ? (
              <>
                <span className="code">{value.name}</span>{" "}
                <span className="figures text-faint">{formatBytes(value.size)}</span>
              </>
            ) : (
              <span className="text-faint">Reading the sample…</span>
            )}
          </p>
          <div className="flex flex-wrap gap-2">
            <label
              className={cx(buttonClass(), "has-focus-visible:outline-2 has-focus-visible:outline-accent")}
            >
              <FileUp aria-hidden className="size-4" />
              Choose a file
              <input
                type="file"
                accept="image/*"
                className="sr-only"
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file) void take(file, file.name);
                }}
              />
            </label>
            <Button look="quiet" onClick={takeSample}>
              Use the sample
            </Button>
          </div>
        </div>
      </div>
      {problem && <FieldProblem>{problem}</FieldProblem>}
    </fieldset>
  );
}

async function readFile(file: Blob, name: string): Promise<BodyFile> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
  return { name, type: file.type, size: file.size, address, base64: address.slice(address.indexOf(",") + 1) };
}
