import { ArrowDown, Network, UserRound } from "lucide-react";
import { algorithmWords } from "#components/deployments/balancing-words.ts";
import { loadBalancerSentence, loadBalancerTitle } from "#components/deployments/load-balancer-words.ts";
import { fieldWords } from "#components/form/field-words.ts";
import { shares } from "#components/form/shares.ts";
import { grouped } from "#lib/targets/resource-groups.ts";
import { resourceWord } from "#lib/targets/resource-words.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { Spec } from "#lib/deployments/spec.ts";
import type { FieldError } from "#lib/errors.ts";
import { findPreset } from "#lib/models/catalogue.ts";
import type { Place } from "#lib/targets/place.ts";
import { resourceKey, type PlannedResource } from "#lib/targets/plan.ts";

/** What will be created, while the form is filled in: the very list that the engine's program registers. */
export function PlanPanel({
  title = "What will be created",
  spec,
  plan,
  place,
  problems = [],
}: {
  title?: string;
  spec: Spec | null;
  plan: PlannedResource[];
  place: Pick<Place, "kind" | "name">;
  /** where it is that keeps it from being known; what it is stands there */
  problems?: readonly Pick<FieldError, "field">[];
}) {
  const first = problems[0] && fieldWords(problems[0].field);
  return (
    <Panel title={title} about={spec ? `${plan.length} resources on ${placeWords(place)}` : undefined}>
      {spec ? (
        <>
          <TrafficPicture spec={spec} />
          {grouped(plan).map(({ title: group, resources }) => (
            <section key={group ?? ""} className="mt-4 border-t pt-4">
              {group && (
                <h3 className="mb-2 text-small font-medium text-faint">
                  {group}: {resources.length}
                </h3>
              )}
              <ol aria-label={group ? `Resources: ${group}` : "Resources"} className="flex flex-col gap-2">
                {resources.map((resource) => (
                  <li key={resourceKey(resource)}>
                    <p>
                      <span className="font-medium whitespace-nowrap">{resourceWord(resource.type)}</span>{" "}
                      <span className="code wrap-anywhere text-faint">{resource.name}</span>
                    </p>
                    <p className="text-small text-muted">{resource.summary}</p>
                  </li>
                ))}
              </ol>
            </section>
          ))}
        </>
      ) : (
        <p className="break-words text-muted">
          The plan shows here as soon as the form has no problem.{first && ` Look at: ${first}.`}
        </p>
      )}
    </Panel>
  );
}

function placeWords({ kind, name }: Pick<Place, "kind" | "name">): string {
  return kind === "local" ? "this machine" : name;
}

/** Client → load balancer → variants → replicas. */
function TrafficPicture({ spec }: { spec: Spec }) {
  const parts = shares(spec.variants.map((variant) => variant.weight));
  return (
    <div className="flex flex-col items-center gap-1 text-small">
      <Node
        Icon={UserRound}
        title="Callers"
        text={spec.endpoint.access === "open" ? "no key" : "with a key"}
      />
      <ArrowDown aria-hidden className="size-4 text-edge" />
      <Node Icon={Network} title={loadBalancerTitle(spec)} text={routingWords(spec)} />
      {spec.target !== "local" && <p className="text-center text-faint">{loadBalancerSentence(spec)}</p>}
      <ArrowDown aria-hidden className="size-4 text-edge" />
      <ul className="flex w-full flex-wrap justify-center gap-2">
        {spec.variants.map((variant, index) => {
          const { minReplicas, maxReplicas } = variant.scaling;
          return (
            <li key={variant.name} className="min-w-24 flex-1 rounded-md border bg-ground p-2 text-center">
              <span className="block truncate font-medium">
                {variant.name}
                {spec.variants.length > 1 && (
                  <span className="figures ml-1 font-normal text-muted">
                    {Math.round(parts[index] ?? 0)} %
                  </span>
                )}
              </span>
              <span className="block truncate text-faint">{modelTitle(variant.model)}</span>
              <ReplicaBoxes from={minReplicas} to={maxReplicas} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function routingWords({ target, routing: { layer, rules, algorithm } }: Spec): string {
  // On a cluster it is a plain Service then, which knows no algorithm.
  if (layer === 4 && target !== "local") {
    return `layer 4, ${target === "gke" ? "Google’s network" : "the cluster"} chooses a replica`;
  }
  const ruled = rules.length === 0 ? "no rules" : `${rules.length} ${rules.length === 1 ? "rule" : "rules"}`;
  return `${layer === 4 ? "layer 4" : ruled}, ${algorithmWords[algorithm].toLowerCase()}`;
}

function Node({ Icon, title, text }: { Icon: typeof Network; title: string; text: string }) {
  return (
    <div className="flex items-center gap-2 rounded-md border bg-ground px-3 py-2">
      <Icon aria-hidden className="size-4 text-accent" />
      <span className="font-medium">{title}</span>
      <span className="text-faint">{text}</span>
    </div>
  );
}

/** Filled: always there. Outlined: when the load asks for them. */
function ReplicaBoxes({ from, to }: { from: number; to: number }) {
  return (
    <span className="mt-1 block">
      <span aria-hidden className="flex flex-wrap justify-center gap-1">
        {Array.from({ length: to }, (_, index) => (
          <span
            key={index}
            className={
              index < from ? "size-2.5 rounded-[2px] bg-accent" : "size-2.5 rounded-[2px] border border-edge"
            }
          />
        ))}
      </span>
      <span className="figures mt-1 block text-faint">
        {from === to ? `${from} ${from === 1 ? "replica" : "replicas"}` : `${from} to ${to} replicas`}
      </span>
    </span>
  );
}

function modelTitle(model: Spec["variants"][number]["model"]): string {
  return "preset" in model ? (findPreset(model.preset)?.title ?? model.preset) : model.image;
}
