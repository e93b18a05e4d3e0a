"use client";

import { useEffect, useMemo, useState, type FormEvent } from "react";
import { useRouter } from "next/navigation";
import { changedFields } from "#components/form/changed-fields.ts";
import { changedSpec } from "#components/form/changed-spec.ts";
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
import type { ChangeInput, SpecInput } from "#lib/deployments/spec.ts";
import type { SpecView } from "#lib/deployments/view.ts";
import type { Place } from "#lib/targets/place.ts";
import type { PlannedChange } from "#lib/targets/plan.ts";
import { routes } from "#lib/routes.ts";

export type PreviewChange = (id: string, patch: SpecInput) => Promise<Answer<{ changes: PlannedChange[] }>>;
export type ChangeDeployment = (id: string, patch: ChangeInput) => Promise<Answer>;

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
 * Everything of the spec that can change; what it would change is shown before it is done, and done only to what was
 * shown. What somebody typed stays when a newer revision comes, until they ask for that.
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
  const [reviewed, setReviewed] = useState<{ planned: PlannedChange[]; of: Settings } | null>(null);

  const patch = changedFields(initial, form.tools.form, place);
  const untouched = Object.keys(patch).length === 0;
  const isNewer = reviewed !== null && reviewed.of.revision !== props.deployment.revision;
  const changes =
    reviewed && form.checked.spec
      ? specChanges(
          shown(reviewed.of.spec),
          shown(changedSpec(reviewed.of.spec, form.checked.spec, isNewer ? Object.keys(patch) : null)),
        )
      : [];
  useEffect(() => {
    if (newer && untouched) load();
  });

  const run = async <T,>(work: () => Promise<Answer<T>>): Promise<T | null> => {
    setPending(true);
    setFailure(null);
    const answer = await work().catch((): Answer<T> => unreachable);
    setPending(false);
    if (answer.ok) return answer.value;
    setReviewed(null);
    if (answer.fields.length > 0) form.refuse(answer.fields);
    else setFailure(answer.message);
    return null;
  };
  const review = async (event: FormEvent) => {
    event.preventDefault();
    if (pending || form.stopAtProblems()) return;
    const of = newer ?? props.deployment;
    const previewed = await run(() => preview(id, patch));
    if (previewed) setReviewed({ planned: previewed.changes, of });
  };
  const confirm = async () => {
    if (!reviewed) return;
    const done = await run(() => change(id, { ...patch, revision: reviewed.of.revision }));
    // Perhaps because there is something newer.
    if (done === null) return router.refresh();
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
        open={reviewed !== null}
        onClose={() => setReviewed(null)}
        settings={changes}
        resources={reviewed?.planned ?? []}
        pending={pending}
        onConfirm={confirm}
        sendsKeysInClear={sendsKeysInClear(form.tools.form, place)}
        engine={
          place.kind !== "local" && (
            <EnginePreview
              key={`${reviewed?.of.revision} ${JSON.stringify(patch)}`}
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
      What you typed is still here; loading replaces it. If you go on, the review compares with the new
      settings: a section that you changed replaces theirs.
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
