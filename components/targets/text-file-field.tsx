"use client";

import { useEffect, useRef, useState, type ReactNode } from "react";
import { FileUp } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";

/** Far more than a kubeconfig or a key file has: a wrong file is told apart before it is read. */
const mostBytes = 1024 * 1024;

type Props = {
  label: string;
  name: string;
  /** what a file is that is too large, as in "to be a kubeconfig" */
  what: string;
  placeholder: string;
  hint: ReactNode;
  error: string | null;
  rows?: number;
};

/** A secret text, pasted or from a file. */
export function TextFileField({ label, name, what, placeholder, hint, error, rows = 10 }: Props) {
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  // What the server says of the text is newer than what was wrong with a file, and must not be hidden by it.
  useEffect(() => setTrouble(null), [error]);

  const change = (given: string) => {
    setTrouble(null);
    setText(given);
  };
  const read = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > mostBytes) return setTrouble(`${chosen.name} is too large to be ${what}.`);
    change(await chosen.text());
  };

  return (
    <div>
      <TextArea
        label={label}
        name={name}
        rows={rows}
        required
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder={placeholder}
        value={text}
        onChange={(event) => change(event.target.value)}
        error={trouble ?? error}
        hint={hint}
      />
      <input
        ref={file}
        type="file"
        tabIndex={-1}
        aria-label={`${label} file`}
        className="sr-only"
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button
        size="small"
        className="mt-2"
        icon={<FileUp aria-hidden className="size-4" />}
        onClick={() => file.current?.click()}
      >
        Choose a file
      </Button>
    </div>
  );
}
