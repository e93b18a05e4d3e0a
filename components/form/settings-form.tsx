"use client";

import { useEffect, useMemo, useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { changedFields } from "#components/form/changed-fields.ts";
import { ChangeDialog } from "#components/form/change-dialog.tsx";
import { EnginePreview, type AskEngine, type ReadPreview } from "#components/form/engine-preview.tsx";
import { FormToolsProvider } from "#components/form/form-context.tsx";
import { formOf } from "#components/form/form-of.ts";
import { GoogleFields } from "#components/form/google-fields.tsx";
import { sendsKeysInClear } from "#components/form/keys-in-clear.ts";
import { MoreSections } from "#components/form/more-sections.tsx";
import { PlanColumn } from "#components/form/plan-column.tsx";
import { PlanPanel } from "#components/form/plan-panel.tsx";
import { PricePanel } from "#components/form/price-panel.tsx";
import { ProblemSummary } from "#components/form/problem-summary.tsx";
import { specChanges } from "#components/form/spec-changes.ts";
import { useDeploymentForm } from "#components/form/use-deployment-form.ts";
import { VariantList } from "#components/form/variant-list.tsx";
import { Button } from "#components/ui/button.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { useToast } from "#components/ui/toasts.tsx";
import type { Answer } from "#components/ui/use-act.ts";
import type { Spec, SpecInput } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import type { Place } from "#lib/targets/place.ts";
import type { PlannedChange } from "#lib/targets/plan.ts";
import { routes } from "#lib/routes.ts";

export type PreviewChange = (id: string, patch: SpecInput) => Promise<Answer<{ changes: PlannedChange[] }>>;
export type ChangeDeployment = (id: string, patch: SpecInput) => Promise<Answer>;

type Settings = {
  id: string;
  name: string;
  spec: SpecView;
  revision: number;
  /** whether anything of it was ever begun to be made */
  isMade: boolean;
  /** whether its domain was seen to answer */
  isServed: boolean;
  /** who made this revision, if a person did */
  revisedBy: string | null;
};
type Props = {
  deployment: Settings;
  /** where it runs */
  place: Place;
  preview: PreviewChange;
  change: ChangeDeployment;
  askEngine: AskEngine<SpecInput & { deployment: string }>;
  readPreview: ReadPreview;
};

/**
 * Everything of the spec that can change; what it would change is shown before it is done. What somebody typed
 * stays when a newer revision comes, until they ask for that.
 */
export function SettingsForm({ deployment, ...actions }: Props) {
  const [loaded, setLoaded] = useState(deployment);
  return (
    <LoadedForm
      key={loaded.revision}
      {...actions}
      deployment={{ ...loaded, isServed: deployment.isServed }}
      newer={deployment.revision === loaded.revision ? null : deployment}
      load={() => setLoaded(deployment)}
    />
  );
}

function LoadedForm(props: Props & { newer: Settings | null; load: () => void }) {
  const { preview, change, newer, load, place } = props;
  const { id, name, spec, isMade, isServed } = props.deployment;
  const router = useRouter();
  const say = useToast();
  const [initial] = useState(() => formOf(name, spec, place));
  const places = useMemo(() => [place], [place]);
  const there = useMemo(
    () => ({ id, standing: { spec: { google: spec.google, routing: spec.routing }, isMade, isServed } }),
    [id, spec, isMade, isServed],
  );
  const form = useDeploymentForm(initial, places, there);
  const [sent, setSent] = useState(false);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [planned, setPlanned] = useState<PlannedChange[] | null>(null);
  const changes = form.checked.spec
    ? specChanges(shown(spec), shown(comparable(form.checked.spec, spec)))
    : [];

  const patch = changedFields(initial, form.tools.form, place);
  const untouched = Object.keys(patch).length === 0;
  useEffect(() => {
    if (newer && untouched) load();
  });

  const run = async <T,>(work: () => Promise<Answer<T>>): Promise<T | null> => {
    setPending(true);
    setFailure(null);
    const answer = await work().catch((): Answer<T> => unreachable);
    setPending(false);
    if (answer.ok) return answer.value;
    setPlanned(null);
    if (answer.fields.length > 0) form.refuse(answer.fields);
    else setFailure(answer.message);
    return null;
  };
  const review = async (event: FormEvent) => {
    event.preventDefault();
    if (pending || form.stopAtProblems()) return;
    const previewed = await run(() => preview(id, patch));
    if (previewed) setPlanned(previewed.changes);
  };
  const confirm = async () => {
    const done = await run(() => change(id, patch));
    if (done === null) return;
    setSent(true);
    say("The change is on its way.");
    router.push(routes.activity(id));
  };

  return (
    <FormToolsProvider value={form.tools}>
      <form
        method="post"
        onSubmit={review}
        noValidate
        className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
      >
        <div className="flex min-w-0 flex-col gap-4">
          <ProblemSummary problems={form.shown} variants={form.tools.form.variants} />
          {failure && (
            <Callout alert tone="bad" title="Nothing was changed">
              {failure}
            </Callout>
          )}
          {newer && !untouched && !sent && <ChangedMeanwhile by={newer.revisedBy} load={load} />}
          <GoogleFields />
          <Panel title="Model and replicas">
            <VariantList />
          </Panel>
          <MoreSections />
        </div>
        <PlanColumn
          plan={
            <div className="flex flex-col gap-4">
              {form.checked.google && <PricePanel price={form.checked.google.price} />}
              <PlanPanel
                title="What it will be"
                spec={form.checked.spec}
                plan={form.checked.plan}
                place={place}
              />
            </div>
          }
          button={
            <Button type="submit" look="primary" pending={pending} className="w-full">
              Review changes
            </Button>
          }
        />
      </form>
      <ChangeDialog
        open={planned !== null}
        onClose={() => setPlanned(null)}
        settings={changes}
        resources={planned ?? []}
        pending={pending}
        onConfirm={confirm}
        sendsKeysInClear={sendsKeysInClear(form.tools.form, place)}
        engine={
          place.kind !== "local" && (
            <EnginePreview
              key={JSON.stringify(patch)}
              input={{ ...patch, deployment: id }}
              place={place}
              ask={props.askEngine}
              read={props.readPreview}
              auto
            />
          )
        }
      />
    </FormToolsProvider>
  );
}

function ChangedMeanwhile({ by, load }: { by: string | null; load: () => void }) {
  return (
    <Callout
      alert
      tone="warn"
      title={`It was changed meanwhile${by ? ` by ${by}` : ""}`}
      actions={<Button onClick={load}>Load the new settings</Button>}
    >
      What you typed is still here; loading replaces it. If you go on, only the sections you changed are sent.
    </Callout>
  );
}

const unreachable: Answer<never> = { ok: false, message: "The portal didn’t answer. Try again.", fields: [] };

/** Of a certificate a line: nobody compares it letter by letter. */
function shown(spec: SpecView) {
  const { tls } = spec.endpoint;
  const own =
    tls.certificate && `${tls.certificate.subject}, until ${tls.certificate.expiresAt.slice(0, 10)}`;
  const certificate = own ?? (tls.mode === "none" ? null : "a new one");
  return { ...spec, endpoint: { ...spec.endpoint, tls: { mode: tls.mode, certificate } } };
}

/** The spec as views show it: secrets without their ids, and the certificate that is there while none is given. */
function comparable(spec: Spec, before: SpecView): SpecView {
  const { tls } = spec.endpoint;
  const isKept = tls.mode === before.endpoint.tls.mode && (tls.mode === "none" || tls.certificate === "");
  return {
    ...spec,
    endpoint: {
      ...spec.endpoint,
      tls: { mode: tls.mode, certificate: isKept ? before.endpoint.tls.certificate : null },
    },
    env: spec.env.map((env) => ("value" in env ? env : { name: env.name, secret: true as const })),
    pullSecret: spec.pullSecret && {
      registry: spec.pullSecret.registry,
      username: spec.pullSecret.username,
    },
  };
}
