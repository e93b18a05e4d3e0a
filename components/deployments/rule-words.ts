import type { Rule } from "#lib/deployments/spec.ts";

/** A rule's conditions in one line: `POST /v2/ header x-beta = yes`. */
export function ruleWords(rule: Rule): string {
  const pair = (what: string, value: { name: string; value: string } | undefined) =>
    value && `${what} ${value.name} = ${value.value}`;
  return [
    rule.method,
    rule.pathPrefix && `${rule.pathPrefix}*`,
    pair("header", rule.header),
    pair("cookie", rule.cookie),
    pair("query", rule.query),
  ]
    .filter(Boolean)
    .join(" · ");
}
