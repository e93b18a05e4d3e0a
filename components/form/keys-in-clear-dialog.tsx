"use client";

import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogActions } from "#components/ui/dialog.tsx";

/** Asks before keys are sent over the Internet without HTTPS. */
export function KeysInClearDialog(props: { open: boolean; onClose: () => void; onConfirm: () => void }) {
  const { open, onClose, onConfirm } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={(opened) => !opened && onClose()}
      title="Send keys without HTTPS?"
      description="The endpoint is reached over the Internet by HTTP, and each request has a key in it: anyone on the way can read the key and use it."
    >
      <p className="text-muted">
        With HTTPS nobody can. Under Endpoint, choose Google’s certificate for a domain, your own, or one for
        trial.
      </p>
      <DialogActions>
        <Button onClick={onClose}>Go back</Button>
        <Button look="primary" onClick={onConfirm}>
          Create it without HTTPS
        </Button>
      </DialogActions>
    </Dialog>
  );
}
