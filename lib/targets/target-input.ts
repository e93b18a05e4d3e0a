import * as z from "zod";
import { nameRule } from "#lib/deployments/spec.ts";
import { SluiceError } from "#lib/errors.ts";
import { buildKubeconfig, clusterIdentifierOf } from "#lib/targets/kubernetes/build-kubeconfig.ts";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";
import { parseKubeconfig } from "#lib/targets/kubernetes/parse-kubeconfig.ts";

/** Words that mean something else where a target's name stands: the built-in ones, and the page that adds one. */
const taken = ["local", "kubernetes", "gke", "new"];

export const targetName = nameRule
  .refine((name) => !taken.includes(name), { message: "This word is Sluice's own. Choose another name." })
  .refine((name) => !/^tgt-[a-z0-9]{12}$/.test(name), {
    message: "A name can't look like an id. Choose one that doesn't begin with tgt-.",
  });

// An empty field of a form is one that isn't given, and a blank around what was pasted can't be seen.
const publicHost = z
  .string()
  .trim()
  .max(253, "At most 253 characters.")
  .regex(
    /^$|^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+)$/,
    "A host's name or its IP address alone: no https://, no port.",
  );
export const imagePrefix = z
  .string()
  .trim()
  .max(200, "At most 200 characters.")
  .regex(
    /^$|^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*\/?$/,
    "A registry and a path in it, such as registry.example.com/sluice: no https://, no tag.",
  );
export const proxyImage = z
  .string()
  .trim()
  .max(400, "At most 400 characters.")
  .regex(/^$|^[a-z0-9][A-Za-z0-9._:/@-]*$/, "An image, such as registry.example.com/haproxy:2.8.");

const settings = {
  /** Where NodePorts are reached from outside; without it a node's own address is shown. */
  publicHost: publicHost.nullish(),
  /** Where the images of the built-in models were pushed to. */
  imagePrefix: imagePrefix.nullish(),
  /** HAProxy's image, where the official one can't be pulled. */
  proxyImage: proxyImage.nullish(),
};
const kubeconfigText = z.string("Paste a kubeconfig.").min(1, "Paste a kubeconfig.");
/** Which of the kubeconfig's contexts; without it the current one. */
const context = z.string().max(300, "At most 300 characters.").nullish();

export const registerInput = z.strictObject({
  /** a Google project is the other kind, which has fields of its own */
  kind: z.literal("kubernetes", "Write kubernetes or gke.").optional(),
  name: targetName,
  kubeconfig: kubeconfigText,
  context,
  ...settings,
});
export const changeInput = z.strictObject({
  name: targetName.optional(),
  kubeconfig: kubeconfigText.optional(),
  context,
  ...settings,
});

/** What is stored in `target.settings`. */
export const targetSettings = z.strictObject({
  publicHost: z.string().nullable(),
  imagePrefix: z.string().nullable(),
  proxyImage: z.string().nullable().default(null),
});
export type TargetSettings = z.infer<typeof targetSettings>;

/** Settings as they are stored: an empty one is none, and an image prefix has no slash at its end. */
export function toSettings(given: { [K in keyof TargetSettings]?: string | null }): TargetSettings {
  return {
    publicHost: given.publicHost || null,
    imagePrefix: given.imagePrefix?.replace(/\/$/, "") || null,
    proxyImage: given.proxyImage || null,
  };
}

/** The columns that follow from a kubeconfig, and the minimal one that is to be sealed. */
export type KubeconfigRead = {
  minimal: string;
  columns: {
    server: string;
    contextName: string;
    clusterIdentifier: string;
    credentialsExpireAt: Date | null;
  };
};

/** @throws SluiceError `invalid` at its field, with the problem's own code */
export function readKubeconfigInput(
  text: string,
  context: string | null | undefined,
  now: Date,
): KubeconfigRead {
  try {
    const access = parseKubeconfig(text, { ...(context ? { context } : {}), now });
    return {
      minimal: buildKubeconfig(access),
      columns: {
        server: access.server,
        contextName: access.contextName,
        clusterIdentifier: clusterIdentifierOf(access),
        credentialsExpireAt: access.expiresAt,
      },
    };
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    const { field, message, code } = error;
    throw new SluiceError("invalid", message, { fields: [{ field, message, code }] });
  }
}
