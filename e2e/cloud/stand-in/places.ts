import type { Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** @throws Error if neither the resource nor the provider names one */
export function projectOf({ project }: Cloud, inputs: Fields): string {
  const found = inputs.project ?? project;
  if (typeof found === "string" && found !== "") return found;
  throw new Error("project: required field is not set");
}

/** A region or a zone. @throws Error if neither the resource nor the provider names one */
export function placed(what: "region" | "zone", cloud: Cloud, inputs: Fields): string {
  const found = inputs[what] ?? cloud[what];
  if (typeof found === "string" && found !== "") return found.split("/").at(-1)!;
  throw new Error(`${what}: required field is not set`);
}
