"use client";

import { useEffect, useRef, useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { emptyForm, toInput } from "#components/form/form-state.ts";
import { MoreSections } from "#components/form/more-sections.tsx";
import { PlanPanel } from "#components/form/plan-panel.tsx";
import { ProblemSummary } from "#components/form/problem-summary.tsx";
import { TargetChoice } from "#components/form/target-choice.tsx";
import { useDeploymentForm } from "#components/form/use-deployment-form.ts";
import { useServerCheck, type ServerCheck } from "#components/form/use-server-check.ts";
import { VariantList } from "#components/form/variant-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { useToast } from "#components/ui/toasts.tsx";
import type { DeploymentInput } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { routes } from "#lib/routes.ts";

type Created =
  { ok: true; value: { id: string; name: string } } | { ok: false; message: string; fields: FieldError[] };

type Props = {
  /** makes the suggested name unlikely to be taken */
  suffix: string;
  /** the same for every click on this form, so that two clicks make one deployment */
  idempotencyKey: string;
  create: (input: DeploymentInput, idempotencyKey: string) => Promise<Created>;
  check: ServerCheck;
};

export function NewDeploymentForm({ suffix, idempotencyKey, create, check }: Props) {
  const router = useRouter();
  const say = useToast();
  const form = useDeploymentForm(emptyForm(suffix));
  const { tools, checked } = form;
  useServerCheck(form, toInput(tools.form), check);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const key = useSubmissionKey(idempotencyKey);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (pending || form.stopAtProblems()) return;
    setPending(true);
    setFailure(null);
    const input = toInput(tools.form);
    const answer = await create(input, key(input)).catch(() => unreachable);
    if (answer.ok) {
      say(`${answer.value.name} is on its way.`);
      router.push(routes.activity(answer.value.id));
      return;
    }
    setPending(false);
    if (answer.fields.length > 0) form.refuse(answer.fields);
    else setFailure(answer.message);
  };

  return (
    <FormToolsProvider value={tools}>
      <form
        onSubmit={submit}
        noValidate
        className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
      >
        <div className="flex min-w-0 flex-col gap-4">
          <ProblemSummary problems={form.shown} variants={tools.form.variants} />
          {failure && (
            <Callout alert tone="bad" title="The deployment wasn’t made">
              {failure}
            </Callout>
          )}
          <Panel title="Name and place">
            <div className="flex flex-col gap-4">
              <TextField
                label="Name"
                mono
                autoComplete="off"
                spellCheck={false}
                hint="Lower-case letters, digits and hyphens. It can’t be changed later."
                value={tools.form.name}
                onChange={(event) => tools.change({ name: event.target.value, nameTouched: true })}
                {...tools.at("name")}
              />
              <TargetChoice />
            </div>
          </Panel>
          <Panel title="Model and replicas">
            <VariantList />
          </Panel>
          <h2 className="mt-2 font-semibold">More</h2>
          <MoreSections />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-8">
          <PlanPanel spec={checked.spec} plan={checked.plan} />
          <Button type="submit" look="primary" pending={pending} className="w-full">
            {pending ? "Creating…" : "Create deployment"}
          </Button>
        </div>
      </form>
    </FormToolsProvider>
  );
}

const unreachable: Created = {
  ok: false,
  message: "The portal didn’t answer. Try again: it won’t be made twice.",
  fields: [],
};

/**
 * The key of a submission: the same for the same input, so that a second click or a retry after a lost answer
 * makes nothing twice; another one as soon as the input was changed.
 */
function useSubmissionKey(first: string): (input: unknown) => string {
  const used = useRef<{ body: string; count: number }>({ body: "", count: 0 });
  useEffect(() => {
    used.current = { body: "", count: 0 };
  }, [first]);
  return (input) => {
    const body = JSON.stringify(input);
    if (used.current.body !== body) used.current = { body, count: used.current.count + 1 };
    return `${first}-${used.current.count}`;
  };
}
