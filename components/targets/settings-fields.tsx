import { TextField } from "#components/ui/field.tsx";
import type { TargetSettings } from "#lib/targets/target-input.ts";

type Props = {
  values?: { name: string } & TargetSettings;
  at: (field: string) => string | null;
};

/** A name among the targets. */
export function TargetNameField({ values, at }: Pick<Props, "at"> & { values?: { name: string } }) {
  return (
    <TextField
      label="Name"
      name="name"
      required
      mono
      autoComplete="off"
      defaultValue={values?.name}
      error={at("name")}
      hint="What people choose in the form: lower-case letters, digits and hyphens"
    />
  );
}

/** What Sluice can't find out of a cluster by itself. */
export function TargetSettingsFields({ values, at }: Props) {
  return (
    <>
      <TextField
        label="Public host"
        name="publicHost"
        optional
        mono
        autoComplete="off"
        defaultValue={values?.publicHost ?? ""}
        error={at("publicHost")}
        hint="Where node ports are reached, if the cluster gives no addresses to load balancers"
      />
      <TextField
        label="Image prefix"
        name="imagePrefix"
        optional
        mono
        autoComplete="off"
        placeholder="registry.example.com/sluice"
        defaultValue={values?.imagePrefix ?? ""}
        error={at("imagePrefix")}
        hint="Where the images of the built-in models are; without it the cluster runs only images of your own"
      />
      <TextField
        label="HAProxy image"
        name="proxyImage"
        optional
        mono
        autoComplete="off"
        placeholder="the official one"
        defaultValue={values?.proxyImage ?? ""}
        error={at("proxyImage")}
        hint="Where the cluster can’t pull from Docker Hub; it must run as another user than root and end on SIGUSR1"
      />
    </>
  );
}
