"use client";

import { useState, type FormEvent, type ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";

type Props = {
  /** the deployment's */
  name: string;
  /** what the button says, which opens the dialog, and the one that does it */
  verb: string;
  title: string;
  description: ReactNode;
  icon: ReactNode;
  disabled?: boolean;
  pending: boolean;
  /** @returns whether it was done: then the dialog goes */
  onConfirm: () => Promise<boolean>;
};

/** A button for what can't be undone: it does it once the deployment's name was typed. */
export function ConfirmByName({ name, verb, title, description, icon, disabled, pending, onConfirm }: Props) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const isTyped = typed.trim() === name;

  const change = (opened: boolean) => {
    setOpen(opened);
    setTyped("");
  };
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (isTyped && (await onConfirm())) change(false);
  };

  return (
    <>
      <Button disabled={disabled} onClick={() => change(true)} icon={icon}>
        {verb}
      </Button>
      <Dialog open={open} onOpenChange={change} title={title} description={description}>
        <form method="post" onSubmit={confirm}>
          <TextField
            label={
              <>
                Type <span className="code">{name}</span> to confirm
              </>
            }
            mono
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <DialogActions>
            <Button onClick={() => change(false)}>Keep it</Button>
            <Button type="submit" look="danger" pending={pending} disabled={!isTyped}>
              {verb}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </>
  );
}
