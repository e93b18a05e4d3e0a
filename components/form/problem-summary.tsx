"use client";

import { focusField } from "#components/form/use-deployment-form.ts";
import { Callout } from "#components/ui/callout.tsx";
import type { FieldError } from "#lib/errors.ts";

/** Everything that keeps the form from being taken, each with the way to its field. */
export function ProblemSummary({ problems }: { problems: readonly FieldError[] }) {
  if (problems.length === 0) return null;
  return (
    <Callout
      alert
      tone="bad"
      title={problems.length === 1 ? "One thing needs a change" : `${problems.length} things need a change`}
    >
      <ul className="list-disc pl-4">
        {problems.map((problem) => (
          <li key={`${problem.field} ${problem.message}`}>
            <button type="button" className="text-left underline" onClick={() => focusField([problem.field])}>
              {fieldWords(problem.field)}
            </button>
            : {problem.message}
          </li>
        ))}
      </ul>
    </Callout>
  );
}

const words: Record<string, string> = {
  name: "Name",
  target: "Target",
  model: "Model",
  preset: "Model",
  image: "Image",
  scaling: "Replicas",
  minReplicas: "Replicas from",
  maxReplicas: "Replicas to",
  targetInFlight: "Wanted in flight",
  metric: "Scales on",
  weight: "Weight",
  healthPath: "Health check",
  routing: "Routing",
  algorithm: "Balancing",
  affinity: "Sticky sessions",
  header: "Header",
  cookie: "Cookie",
  query: "Query",
  pathPrefix: "Path",
  method: "Method",
  variant: "Variant",
  value: "Value",
  secret: "Secret",
  port: "Port",
  access: "Access",
  env: "Environment",
  ttlMinutes: "Time to live",
  endpoint: "Endpoint",
  variants: "Variants",
};

/** `variants.1.scaling.maxReplicas` → `Variant 2, replicas to`. */
export function fieldWords(field: string): string {
  const parts = field.split(".");
  const place = (list: string, what: string) => {
    const at = parts.indexOf(list);
    const number = at >= 0 ? Number(parts[at + 1]) : NaN;
    return Number.isInteger(number) ? `${what} ${number + 1}` : null;
  };
  const where = place("variants", "Variant") ?? place("rules", "Rule") ?? place("env", "Variable");
  const last = parts.findLast((part) => Number.isNaN(Number(part))) ?? field;
  const what = words[last] ?? last;
  if (!where || ["variants", "rules", "env"].includes(last)) return where ?? what;
  return `${where}, ${what.toLowerCase()}`;
}
