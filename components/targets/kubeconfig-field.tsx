"use client";

import { useRef, useState } from "react";
import { FileUp } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";

/** Far more than a kubeconfig has: a wrong file is told apart before it is read. */
const mostBytes = 1024 * 1024;

type Props = {
  error: string | null;
  contextError: string | null;
};

/** A kubeconfig, pasted or from a file, and which of its contexts. */
export function KubeconfigField({ error, contextError }: Props) {
  const [text, setText] = useState("");
  const [trouble, setTrouble] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);

  const read = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > mostBytes) return setTrouble(`${chosen.name} is too large to be a kubeconfig.`);
    setTrouble(null);
    setText(await chosen.text());
  };

  return (
    <>
      <div>
        <TextArea
          label="Kubeconfig"
          name="kubeconfig"
          rows={10}
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={"apiVersion: v1\nkind: Config\n…"}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={trouble ?? error}
          hint={
            <>
              What <span className="code">kubectl config view --minify --flatten --raw</span> prints
            </>
          }
        />
        <input
          ref={file}
          type="file"
          tabIndex={-1}
          aria-label="Kubeconfig file"
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
      <TextField
        label="Context"
        name="context"
        optional
        mono
        autoComplete="off"
        error={contextError}
        hint="Which of its contexts; without one, the current one"
      />
    </>
  );
}
