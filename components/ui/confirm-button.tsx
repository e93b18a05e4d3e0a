"use client";

import { useState, type ReactNode } from "react";
import { Button, type ButtonSize } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";
import { useAct, type Answer } from "#components/ui/use-act.ts";

type Props = {
  /** what the button says, here and in the dialog */
  verb: string;
  /** what it is done to */
  object: string;
  /** what follows from it */
  children: ReactNode;
  run: () => Promise<Answer>;
  done: string;
  size?: ButtonSize;
};

/** A button for what can't be taken back: it asks first. */
export function ConfirmButton({ verb, object, children, run, done, size = "small" }: Props) {
  const [open, setOpen] = useState(false);
  const { pending, act } = useAct();
  const confirm = async () => {
    if ((await act(run, done)) !== null) setOpen(false);
  };
  return (
    <>
      <Button size={size} aria-label={`${verb} ${object}`} onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`${verb} ${object}?`} description={children}>
        <DialogActions>
          <Button onClick={() => setOpen(false)}>Keep</Button>
          <Button look="danger" pending={pending} onClick={confirm}>
            {verb}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
