"use client";

import { useRef, useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { SelectField, TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeLeft } from "#components/ui/time.tsx";
import type { Answer } from "#components/ui/use-act.ts";

type Invited = { email: string; link: string; expiresAt: string };
export type Invite = (input: { email: string; role: string }) => Promise<Answer<Invited>>;

/** Invites by a one-time link, which is shown once and sent by the admin's own means. */
export function InviteForm({ invite }: { invite: Invite }) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const [pending, setPending] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setPending(true);
    setProblem(null);
    const answer = await invite({ email: String(given.get("email")), role: String(given.get("role")) }).catch(
      () => null,
    );
    setPending(false);
    if (!answer?.ok) {
      setProblem(answer?.fields[0]?.message ?? answer?.message ?? "The portal didn’t answer. Try again.");
      return;
    }
    setInvited(answer.value);
    form.current?.reset();
    router.refresh();
  };

  return (
    <Panel title="Invite someone">
      <form
        method="post"
        ref={form}
        onSubmit={submit}
        noValidate
        className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_10rem_auto]"
      >
        <TextField label="E-mail" name="email" type="email" required error={problem} />
        <SelectField label="Role" name="role" defaultValue="member">
          <option value="member">Member</option>
          <option value="admin">Admin</option>
        </SelectField>
        <Button type="submit" look="primary" pending={pending} className="sm:mt-6">
          Invite
        </Button>
      </form>
      {invited && (
        <Callout tone="ok" title={`Send this link to ${invited.email}`} className="mt-4">
          <span className="flex items-center gap-1">
            <span className="code min-w-0 break-all text-ink">{invited.link}</span>
            <CopyButton text={invited.link} what="invitation link" />
          </span>
          It is shown this once, works once, and for <TimeLeft until={invited.expiresAt} />.
        </Callout>
      )}
    </Panel>
  );
}
