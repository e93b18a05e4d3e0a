"use client";

import Link from "next/link";
import { Plus } from "lucide-react";
import { useFormTools } from "#components/form/form-context.tsx";
import { moveToPlace } from "#components/form/move-to-place.ts";
import { offersInShort } from "#components/targets/cluster-words.ts";
import { MissingToolNote } from "#components/targets/missing-tool-note.tsx";
import { ChoiceCard } from "#components/ui/choice-card.tsx";
import { FieldProblem } from "#components/ui/field.tsx";
import { routes } from "#lib/routes.ts";
import type { ToolView } from "#lib/targets/list-tools.ts";
import type { Place } from "#lib/targets/place.ts";
import { findTarget } from "#lib/targets/targets.ts";

type Props = {
  addsClusters: boolean;
  /** what of the engine isn't there, so that nothing begins on any cluster */
  missing: ToolView | null;
};

/** Where it runs: this machine, or one of the registered clusters. */
export function TargetChoice({ addsClusters, missing }: Props) {
  const { form, places, place: chosen, at, change } = useFormTools();
  const { error, ...mark } = at("target");
  const hasCluster = places.some(({ kind }) => kind === "kubernetes");
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
        {!hasCluster && <NoCluster addsClusters={addsClusters} />}
      </div>
      {!hasCluster && addsClusters && (
        <Link
          href={routes.newTarget}
          className="mt-2 inline-flex items-center gap-1 text-accent underline max-sm:py-2"
        >
          <Plus aria-hidden className="size-4" />
          Add a cluster
        </Link>
      )}
      {missing && chosen.kind === "kubernetes" && (
        <div className="mt-2">
          <MissingToolNote missing={missing} />
        </div>
      )}
      {error && <FieldProblem>{error}</FieldProblem>}
    </fieldset>
  );
}

/** In the place of the clusters, where none is registered. */
function NoCluster({ addsClusters }: { addsClusters: boolean }) {
  const { title, does } = findTarget("kubernetes");
  return (
    <ChoiceCard
      name="target"
      value="kubernetes"
      checked={false}
      onChoose={() => {}}
      title={title}
      about={does}
      refusal={`No cluster is registered yet. ${addsClusters ? "Add one below." : "Ask an admin to add one."}`}
    />
  );
}

function wordsOf({ kind, name, offers }: Place): { title: string; about: string; facts?: string[] } {
  const { title, does } = findTarget(kind);
  if (kind !== "kubernetes") return { title, about: does };
  return {
    title: name,
    about: "Replicas are pods in a namespace of their own on this cluster.",
    facts: offers ? offersInShort(offers) : undefined,
  };
}

/** Whatever this version can deploy to at all; what is to come stands on the targets page alone. */
function offered(places: readonly Place[]): Place[] {
  return places.filter(({ kind }) => findTarget(kind).refusal === null);
}
