"use client";

import { useFormTools } from "#components/form/form-context.tsx";
import type { GoogleState } from "#components/form/google-state.ts";
import { StaticContentField } from "#components/form/static-content-field.tsx";
import { useGoogle } from "#components/form/use-google.ts";

const layerRefusal = "Static files are served by a load balancer of layer 7. Choose that under Balancing.";

/** Static files beside the model, where the project and the layer can have any. */
export function StaticContentSection() {
  const { at, form, place } = useFormTools();
  const { google, changeGoogle } = useGoogle();
  return (
    <StaticContentField
      value={google.staticContent}
      onChange={(staticContent) => changeGoogle({ staticContent })}
      refusal={form.layer === "4" ? layerRefusal : (place.project?.staticContentRefusal ?? null)}
      problems={{
        prefix: at("google.staticContent.prefix"),
        archive: at("google.staticContent", "google.staticContent.archive"),
      }}
    />
  );
}

/** The section in a line, while it is closed. */
export function staticWords({ staticContent }: GoogleState): string {
  return staticContent ? `at ${staticContent.prefix}, readable by anyone` : "none";
}
