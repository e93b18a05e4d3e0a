"use client";

import { useRef, useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { EnginePreview, type AskEngine, type ReadPreview } from "#components/form/engine-preview.tsx";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { emptyForm } from "#components/form/form-state.ts";
import { GoogleFields } from "#components/form/google-fields.tsx";
import { sendsKeysInClear } from "#components/form/keys-in-clear.ts";
import { KeysInClearDialog } from "#components/form/keys-in-clear-dialog.tsx";
import { MoreSections } from "#components/form/more-sections.tsx";
import { PlanColumn } from "#components/form/plan-column.tsx";
import { PlanPanel } from "#components/form/plan-panel.tsx";
import { PricePanel } from "#components/form/price-panel.tsx";
import { ProblemSummary } from "#components/form/problem-summary.tsx";
import { TargetChoice, type Missing } from "#components/form/target-choice.tsx";
import { toInput } from "#components/form/to-input.ts";
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
import type { Place } from "#lib/targets/place.ts";
import { routes } from "#lib/routes.ts";

type Created =
  { ok: true; value: { id: string; name: string } } | { ok: false; message: string; fields: FieldError[] };

type Props = {
  /** wherever it may run */
  places: readonly Place[];
  missing: Missing;
  /** whether this person can register a cluster */
  addsClusters: boolean;
  /** makes the suggested name unlikely to be taken */
  suffix: string;
  /** the same for every click on this form, so that two clicks make one deployment */
  idempotencyKey: string;
  create: (input: DeploymentInput, idempotencyKey: string) => Promise<Created>;
  check: ServerCheck;
  askEngine: AskEngine<DeploymentInput>;
  readPreview: ReadPreview;
};

export function NewDeploymentForm(props: Props) {
  const { places, missing, addsClusters, suffix, idempotencyKey, create, check } = props;
  const router = useRouter();
  const say = useToast();
  const form = useDeploymentForm(emptyForm(suffix), places);
  const { tools, checked } = form;
  const wanted = toInput(tools.form, tools.place);
  useServerCheck(form, wanted, check);
  const [pending, setPending] = useState(false);
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const key = useSubmissionKey(idempotencyKey);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pending || form.stopAtProblems()) return;
    if (sendsKeysInClear(tools.form, tools.place)) setAsked(true);
    else void send();
  };
  const send = async () => {
    setAsked(false);
    setPending(true);
    setFailure(null);
    const input = toInput(tools.form, tools.place);
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
        method="post"
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
              <TargetChoice addsClusters={addsClusters} missing={missing} />
            </div>
          </Panel>
          <GoogleFields />
          <Panel title="Model and replicas">
            <VariantList />
          </Panel>
          <h2 className="mt-2 font-semibold">More</h2>
          <MoreSections />
        </div>
        <PlanColumn
          plan={
            <div className="flex flex-col gap-4">
              {checked.google && <PricePanel price={checked.google.price} />}
              <PlanPanel
                spec={checked.spec}
                plan={checked.plan}
                place={tools.place}
                problems={checked.problems}
              />
            </div>
          }
          preview={
            checked.spec &&
            tools.place.kind !== "local" && (
              <EnginePreview
                key={JSON.stringify(wanted)}
                input={wanted}
                place={tools.place}
                ask={props.askEngine}
                read={props.readPreview}
              />
            )
          }
          button={
            <Button type="submit" look="primary" pending={pending} className="w-full">
              {pending ? "Creating…" : "Create deployment"}
            </Button>
          }
        />
      </form>
      <KeysInClearDialog open={asked} onClose={() => setAsked(false)} onConfirm={() => void send()} />
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
function useSubmissionKey(given: string): (input: unknown) => string {
  // The page that is read again brings another one; this form keeps its own.
  const [first] = useState(given);
  const used = useRef<{ body: string; count: number }>({ body: "", count: 0 });
  return (input) => {
    const body = JSON.stringify(input);
    if (used.current.body !== body) used.current = { body, count: used.current.count + 1 };
    return `${first}-${used.current.count}`;
  };
}
