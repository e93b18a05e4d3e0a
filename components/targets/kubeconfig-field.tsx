import type { ReactNode } from "react";
import { TextFileField } from "#components/targets/text-file-field.tsx";
import { TextField } from "#components/ui/field.tsx";

type Props = {
  error: string | null;
  contextError: string | null;
  /** where the commands are that make an account and its kubeconfig, after "commands" */
  commands: ReactNode;
};

/** A kubeconfig, pasted or from a file, and which of its contexts. */
export function KubeconfigField({ error, contextError, commands }: Props) {
  return (
    <>
      <TextFileField
        label="Kubeconfig"
        name="kubeconfig"
        what="a kubeconfig"
        placeholder={"apiVersion: v1\nkind: Config\n…"}
        error={error}
        hint={
          <>
            That of an account made for Sluice: commands {commands}. What{" "}
            <span className="code">kubectl config view --minify --flatten --raw</span> prints is taken too, if
            it runs no program, as managed clusters’ do
          </>
        }
      />
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
