"use client";

import Link from "next/link";
import { Plus } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { moveToPlace } from "#components/form/move-to-place.ts";
import { projectInShort } from "#components/form/google-words.ts";
import { offersInShort } from "#components/targets/cluster-words.ts";
import { MissingToolNote } from "#components/targets/missing-tool-note.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { FieldProblem } from "#components/ui/field.tsx";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";
import type { Place } from "#lib/targets/place.ts";
import { findTarget } from "#lib/targets/targets.ts";

/** What of the engine isn't there, so that nothing begins on any target of the kind; null: nothing. */
export type Missing = Record<"kubernetes" | "gke", ToolView | null>;

type Props = {
  addsClusters: boolean;
  missing: Missing;
};

/** Where it runs: this machine, or one of the registered clusters and Google projects. */
export function TargetChoice({ addsClusters, missing }: Props) {
  const { form, places, place: chosen, at, change } = useFormTools();
  const { error, ...mark } = at("target");
  const lacking = chosen.kind === "local" ? null : missing[chosen.kind];
  const lackingKinds = (["kubernetes", "gke"] as const).filter(
    (kind) => !offered(places).some((place) => place.kind === kind),
  );
  return (
    <fieldset className="min-w-0" {...mark} tabIndex={-1}>
      <legend className="mb-1 font-medium">Target</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {offered(places).map((place) => (
          <ChoiceCard
            key={place.name}
            name="target"
            value={place.name}
            checked={form.target === place.name}
            onChoose={() => change((before) => moveToPlace(before, place))}
            {...wordsOf(place)}
            refusal={place.refusal}
          />
        ))}
        {lackingKinds.map((kind) => (
          <NoneYet key={kind} kind={kind} addsTargets={addsClusters} />
        ))}
      </div>
      {addsClusters && lackingKinds.length > 0 && (
        <p className="mt-2 flex flex-wrap gap-x-6">
          {lackingKinds.map((kind) => (
            <Link
              key={kind}
              href={registered[kind].page}
              className="inline-flex items-center gap-1 text-accent underline max-sm:py-2"
            >
              <Plus aria-hidden className="size-4" />
              {registered[kind].add}
            </Link>
          ))}
        </p>
      )}
      {lacking && (
        <div className="mt-2">
          <MissingToolNote missing={lacking} />
        </div>
      )}
      {error && <FieldProblem>{error}</FieldProblem>}
    </fieldset>
  );
}

const registered = {
  kubernetes: {
    title: findTarget("kubernetes").title,
    none: "No cluster is registered yet.",
    add: "Add a cluster",
    page: routes.newTarget,
  },
  gke: {
    title: "A Google project you have",
    none: "No Google project is registered yet.",
    add: "Add a Google project",
    page: routes.newProject,
  },
} as const;

/** In the place of the targets of a kind, where none is registered. */
function NoneYet({ kind, addsTargets }: { kind: keyof typeof registered; addsTargets: boolean }) {
  const { title, none } = registered[kind];
  return (
    <ChoiceCard
      name="target"
      value={kind}
      checked={false}
      onChoose={() => {}}
      title={title}
      about={findTarget(kind).does}
      refusal={`${none} ${addsTargets ? "Add one below." : "Ask an admin to add one."}`}
    />
  );
}

function wordsOf({ kind, name, offers, project }: Place): { title: string; about: string; facts?: string[] } {
  const { title, does } = findTarget(kind);
  if (kind === "gke") {
    const about =
      "A cluster of its own, or a part of one that is there, in this project, behind Google’s load balancer.";
    return { title: name, about, facts: project ? projectInShort(project) : ["Google Cloud"] };
  }
  if (kind !== "kubernetes") return { title, about: does };
  return {
    title: name,
    about: "Replicas are pods in a namespace of their own on this cluster.",
    facts: offers ? offersInShort(offers) : undefined,
  };
}

/** Google Cloud is a place by the projects that are registered, as clusters are by themselves. */
function offered(places: readonly Place[]): Place[] {
  return places.filter(({ kind, targetId }) => kind === "local" || targetId !== null);
}
