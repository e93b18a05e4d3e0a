import Link from "next/link";
import { ImageFields } from "#components/targets/settings-fields.tsx";
import { TextField } from "#components/ui/field.tsx";
import { routes } from "#lib/routes.ts";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

type Props = {
  /** those of a project that is registered; without them the script is on the same page */
  values?: Pick<ProjectSettings, "nodeServiceAccount" | "imagePrefix" | "proxyImage">;
  at: (field: string) => string | null;
};

/** What Sluice can't find out of a project by itself. */
export function ProjectSettingsFields({ values, at }: Props) {
  return (
    <>
      <TextField
        label="Node service account"
        name="nodeServiceAccount"
        optional
        mono
        autoComplete="off"
        placeholder="sluice-nodes@my-project.iam.gserviceaccount.com"
        defaultValue={values?.nodeServiceAccount ?? ""}
        error={at("nodeServiceAccount")}
        hint={
          <>
            Whom nodes of own clusters act as;{" "}
            {values ? (
              <>
                the script under{" "}
                <Link href={routes.newProject} className="underline">
                  Add a Google project
                </Link>
              </>
            ) : (
              "the script above"
            )}{" "}
            makes it. Without it only clusters that are there already can be used
          </>
        }
      />
      <ImageFields
        values={values}
        at={at}
        example="us-central1-docker.pkg.dev/my-project/sluice"
        without="only images of your own run there"
        puller="nodes"
      />
    </>
  );
}
