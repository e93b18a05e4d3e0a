"use client";

import { KeyRound, Trash2 } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { noPullSecret, type PullState } from "#components/form/form-state.ts";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";

/** What images are pulled with from a registry that asks who one is. A stored password is kept, replaced or removed. */
export function PullSecretFields() {
  const { form, change } = useFormTools();
  const { pull } = form;
  const set = (patch: Partial<PullState>) => change((before) => ({ pull: { ...before.pull, ...patch } }));
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted">
        For images of a registry that asks who pulls. The password is sealed as it is saved and never shown
        again.
      </p>
      {pull.kind === "none" ? (
        <Button
          className="self-start"
          onClick={() => set({ kind: "given" })}
          icon={<KeyRound aria-hidden className="size-4" />}
        >
          Add a pull secret
        </Button>
      ) : (
        <>
          <Login pull={pull} set={set} />
          <div className="flex flex-wrap gap-2">
            {pull.kind === "keep" && (
              <Button onClick={() => set({ kind: "given" })}>Replace the password</Button>
            )}
            <Button
              onClick={() => change({ pull: noPullSecret })}
              icon={<Trash2 aria-hidden className="size-4" />}
            >
              Remove the pull secret
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function Login({ pull, set }: { pull: PullState; set: (patch: Partial<PullState>) => void }) {
  const { at } = useFormTools();
  const isKept = pull.kind === "keep";
  return (
    <div className="grid items-start gap-3 sm:grid-cols-3">
      <TextField
        label="Registry"
        mono
        autoComplete="off"
        spellCheck={false}
        placeholder="registry.example.com"
        // A stored password goes to no other registry or user.
        readOnly={isKept}
        value={pull.registry}
        onChange={(event) => set({ registry: event.target.value })}
        {...at("pullSecret.registry", "pullSecret")}
      />
      <TextField
        label="User"
        mono
        autoComplete="off"
        spellCheck={false}
        readOnly={isKept}
        value={pull.username}
        onChange={(event) => set({ username: event.target.value })}
        {...at("pullSecret.username")}
      />
      <TextField
        label="Password or token"
        mono
        type={isKept ? "text" : "password"}
        autoComplete="new-password"
        readOnly={isKept}
        placeholder={isKept ? "stored, kept" : undefined}
        value={pull.password}
        onChange={(event) => set({ password: event.target.value })}
        {...at("pullSecret.password")}
      />
    </div>
  );
}

/** The section in a line, while it is closed. */
export function pullWords({ kind, registry }: PullState): string {
  return kind === "none" ? "none" : registry || "not filled in";
}
