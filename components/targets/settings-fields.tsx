import { TextField } from "#components/ui/field.tsx";
import type { TargetSettings } from "#lib/targets/target-input.ts";

type At = (field: string) => string | null;

/** A name among the targets. */
export function TargetNameField({ value, at }: { value?: string; at: At }) {
  return (
    <TextField
      label="Name"
      name="name"
      required
      mono
      autoComplete="off"
      defaultValue={value}
      error={at("name")}
      hint="What people choose in the form: lower-case letters, digits and hyphens"
    />
  );
}

/** What Sluice can't find out of a cluster by itself. */
export function ClusterSettingsFields({ values, at }: { values?: TargetSettings; at: At }) {
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
      <ImageFields
        values={values}
        at={at}
        example="registry.example.com/sluice"
        without="the cluster runs only images of your own"
        puller="the cluster"
      />
    </>
  );
}

type ImageProps = {
  values?: Pick<TargetSettings, "imagePrefix" | "proxyImage">;
  at: At;
  /** a prefix, to see its form */
  example: string;
  /** what holds without a prefix */
  without: string;
  /** who pulls images: "the cluster" */
  puller: string;
};

/** Where a target's images come from. */
export function ImageFields({ values, at, example, without, puller }: ImageProps) {
  return (
    <>
      <TextField
        label="Image prefix"
        name="imagePrefix"
        optional
        mono
        autoComplete="off"
        placeholder={example}
        defaultValue={values?.imagePrefix ?? ""}
        error={at("imagePrefix")}
        hint={`Where the images of the built-in models are; without it ${without}`}
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
        hint={`Where ${puller} can’t pull from Docker Hub; it must run as another user than root and end on SIGUSR1`}
      />
    </>
  );
}
