import * as z from "zod";
import { googleInput, googleSpec } from "#lib/deployments/google-spec.ts";

/**
 * What a person sends (`specInput`) and what is stored and deployed (`Spec`). `normalize-spec.ts` turns the
 * first into the second; what a target can't do is said by `lib/targets/refusals.ts`, field by field.
 */

export const nameRule = z
  .string("Give it a name.")
  .min(1, "Give it a name.")
  .max(40, "A name has at most 40 characters.")
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    "Use lower-case letters, digits and hyphens; start with a letter and don't end with a hyphen.",
  )
  // An address takes an id or a name: a name that is another deployment's id would hide behind it.
  .refine((name) => !/^dep-[a-z0-9]{12}$/.test(name), {
    message: "A name can't look like an id. Choose one that doesn't begin with dep-.",
  });

export const limits = {
  variants: 8,
  rules: 32,
  replicas: 20,
  env: 64,
  envValueBytes: 16_384,
  ttlMinutes: 60 * 24 * 90,
} as const;

/**
 * A path at an endpoint, sent as it stands: printable ASCII without a space, a backslash or a fragment. It doesn't
 * begin with two slashes, which would make it the address of another host.
 */
export const pathRule = z
  .string()
  .regex(/^\/(?!\/)[\x21-\x22\x24-\x5b\x5d-\x7e]*$/, "A path begins with one / and has no spaces, \\ or #.");

const presetModel = z.strictObject({ preset: z.string().min(1, "Choose a model.") });
const imageModel = z.strictObject({
  image: z.string().min(1, "Name an image.").max(400),
  port: z.int().min(1).max(65_535).default(8080),
  healthPath: pathRule.max(200).default("/healthz"),
  /** the image can't run as another user than root */
  runAsRoot: z.boolean().default(false),
});
export const modelInput = z.union([presetModel, imageModel], { error: "Choose a model." });

/** `inflight` is this machine's, `cpu` a cluster's: requests in flight per replica, or use of the processor asked for. */
export const metrics = ["inflight", "cpu", "none"] as const;

export const scalingInput = z
  .strictObject({
    minReplicas: z.int().min(1, "At least one replica.").max(limits.replicas).default(1),
    maxReplicas: z.int().min(1, "At least one replica.").max(limits.replicas).optional(),
    /** Without one, what the target scales on. */
    metric: z.enum(metrics).optional(),
    /** Wanted requests in flight per replica, waiting ones included. */
    targetInFlight: z.number().min(0.1).max(1000).optional(),
    /** Wanted use of the processor that a replica asks for, in percent. */
    targetCpuPercent: z.int().min(10, "At least 10 %.").max(500, "At most 500 %.").optional(),
    /** How long a cluster sees less load before it takes replicas away. */
    scaleDownSeconds: z.int().min(0).max(3600, "At most an hour.").optional(),
  })
  .superRefine((scaling, ctx) => {
    if (scaling.maxReplicas !== undefined && scaling.maxReplicas < scaling.minReplicas) {
      ctx.addIssue({
        code: "custom",
        path: ["maxReplicas"],
        message: `Must be at least the minimum, ${scaling.minReplicas}.`,
      });
    }
  });

/** What one replica asks of a cluster's nodes, in Kubernetes' own words: `500m` or `2` cores, `512Mi` or `2Gi`. */
export const resourcesInput = z.strictObject({
  cpu: z
    .string()
    .regex(/^(0\.\d{1,3}|[1-9]\d{0,3}(\.\d{1,3})?|[1-9]\d{0,6}m)$/, "Cores such as 2, 0.5 or 500m.")
    .optional(),
  memory: z
    .string()
    .regex(/^[1-9]\d{0,8}(Ki|Mi|Gi|Ti|k|M|G|T)$/, "Memory such as 512Mi or 2Gi.")
    .optional(),
  gpus: z.int().min(0).max(16, "At most 16 GPUs a replica.").optional(),
});

const variantName = z
  .string()
  .max(20, "A variant's name has at most 20 characters.")
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "Use lower-case letters, digits and hyphens.");

export const variantInput = z.strictObject({
  name: variantName,
  model: modelInput,
  scaling: scalingInput.optional(),
  resources: resourcesInput.nullish(),
  weight: z.int().min(0, "A weight is 0 to 100.").max(100, "A weight is 0 to 100.").default(100),
  healthPath: pathRule.max(200).optional(),
});

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, "Not a header's name.");
const cookieName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, "Not a cookie's name.");
// Printable ASCII only: these end in the load balancer's configuration, quoted.
const matchValue = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x20-\x7e]*$/, "Printable ASCII characters only.");

/** All conditions that are given must hold; the first rule that matches wins. */
export const ruleInput = z
  .strictObject({
    variant: variantName,
    pathPrefix: z
      .string()
      .regex(/^\/[\x21-\x7e]*$/, "A path begins with / and has no spaces.")
      .max(256)
      .optional(),
    header: z.strictObject({ name: headerName, value: matchValue }).optional(),
    cookie: z.strictObject({ name: cookieName, value: matchValue }).optional(),
    query: z.strictObject({ name: matchValue, value: matchValue }).optional(),
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional(),
  })
  .refine((rule) => rule.pathPrefix ?? rule.header ?? rule.cookie ?? rule.query ?? rule.method, {
    message: "Give at least one condition.",
  });

export const algorithms = ["least-connections", "round-robin", "random"] as const;

export const affinityInput = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("none") }),
  z.strictObject({ by: z.literal("cookie") }),
  z.strictObject({ by: z.literal("ip") }),
  z.strictObject({ by: z.literal("header"), header: headerName }),
]);

export const layers = [4, 7] as const;
export type Layer = (typeof layers)[number];

export const routingInput = z.strictObject({
  /** 7: HTTP requests are routed; 4: connections are passed on as they come, and nothing in them is read. */
  layer: z.literal(layers, "Choose 4 or 7.").default(7),
  rules: z.array(ruleInput).max(limits.rules).default([]),
  algorithm: z.enum(algorithms).default("least-connections"),
  affinity: affinityInput.default({ by: "none" }),
});

const port = z.int().min(1024, "Ports below 1024 are the system's.").max(65_535);
const pem = z.string().max(64 * 1024, "At most 64 KiB.");

/**
 * HTTPS: without, by a certificate that Sluice makes for trial, or by a given one (PEM: the endpoint's own
 * certificate first, then those that issued it). The key is sealed at once. For a deployment that is there,
 * what isn't given stays.
 */
export const tlsInput = z.discriminatedUnion("mode", [
  z.strictObject({ mode: z.literal("none") }),
  z.strictObject({ mode: z.literal("self-signed") }),
  z.strictObject({ mode: z.literal("given"), certificate: pem.optional(), key: pem.optional() }),
]);

export const serviceTypes = ["LoadBalancer", "NodePort"] as const;

export const endpointInput = z.strictObject({
  /** The port on this machine; without it a free one is taken and kept. */
  port: port.nullish(),
  access: z.enum(["private", "open"]).default("private"),
  tls: tlsInput.default({ mode: "none" }),
  /** a port that answers HTTP with 308 to the HTTPS address */
  redirectFrom: port.nullish(),
  /** a cluster's: the Gateway class that gives the address, instead of a Service */
  gatewayClass: z.string().min(1).max(253).nullish(),
  /** a cluster's: what the Service is, where no Gateway gives the address; without it, what the cluster was seen to give */
  serviceType: z.enum(serviceTypes).nullish(),
});

/** A plain `value`, a new `secret` (sealed at once), or `keep`: the secret stored under this name. */
export const envInput = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "Letters, digits and _; not a digit first."),
    value: z.string().max(limits.envValueBytes).optional(),
    secret: z.string().min(1).max(limits.envValueBytes).optional(),
    keep: z.literal(true).optional(),
  })
  .refine((e) => [e.value, e.secret, e.keep].filter((v) => v !== undefined).length === 1, {
    message: "Give a value or a secret.",
  });

/** What images are pulled with from a registry that asks who one is. The password is sealed at once. */
export const pullSecretInput = z
  .strictObject({
    registry: z
      .string()
      .max(253)
      .regex(
        /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
        "A registry's host, such as registry.example.com.",
      ),
    username: z.string().min(1, "Give the user's name.").max(256),
    password: z.string().min(1, "Give the password or token.").max(8192).optional(),
    /** the password that is stored */
    keep: z.literal(true).optional(),
  })
  .refine((given) => (given.password === undefined) !== (given.keep === undefined), {
    path: ["password"],
    message: "Give the password or token.",
  });

export const specInput = z.strictObject({
  model: modelInput.optional(),
  scaling: scalingInput.optional(),
  resources: resourcesInput.nullish(),
  healthPath: pathRule.max(200).optional(),
  variants: z.array(variantInput).min(1).max(limits.variants, "At most 8 variants.").optional(),
  routing: routingInput.optional(),
  endpoint: endpointInput.optional(),
  env: z.array(envInput).max(limits.env).optional(),
  pullSecret: pullSecretInput.nullish(),
  /** for a target of kind `gke` alone */
  google: googleInput.nullish(),
  ttlMinutes: z.int().min(5, "At least 5 minutes.").max(limits.ttlMinutes, "At most 90 days.").nullish(),
});

export const targetNames = ["local", "kubernetes", "gke"] as const;
export type TargetName = (typeof targetNames)[number];

/** What changes of a deployment. */
export const changeInput = specInput.extend({
  /** the revision that the change was made from: where it is another by now, nothing is changed */
  revision: z.int().min(1).optional(),
});

/** `target` is `local`, `gke`, or the name of a registered cluster. */
export const deploymentInput = specInput.extend({
  name: nameRule,
  target: z.string("Choose a target.").min(1, "Choose a target.").max(40),
});

export type SpecInput = z.input<typeof specInput>;
export type ChangeInput = z.input<typeof changeInput>;
export type ScalingInput = z.input<typeof scalingInput>;
export type DeploymentInput = z.input<typeof deploymentInput>;

/** Exactly what is stored in `revision.spec`. Bump `version` with a reader for the older one. */
export const spec = z.strictObject({
  version: z.literal(1),
  target: z.enum(targetNames),
  variants: z.array(
    z.strictObject({
      name: z.string(),
      model: modelInput,
      scaling: z.strictObject({
        minReplicas: z.int(),
        maxReplicas: z.int(),
        metric: z.enum(metrics),
        targetInFlight: z.number(),
        targetCpuPercent: z.int().default(70),
        scaleDownSeconds: z.int().default(300),
      }),
      /** null where replicas share a machine */
      resources: z
        .strictObject({ cpu: z.string(), memory: z.string(), gpus: z.int() })
        .nullable()
        .default(null),
      weight: z.int(),
      healthPath: z.string(),
    }),
  ),
  routing: z.strictObject({
    // Specs that were stored before there was a choice are of layer 7, by HTTP.
    layer: z.literal(layers).default(7),
    rules: z.array(ruleInput),
    algorithm: z.enum(algorithms),
    affinity: affinityInput,
  }),
  endpoint: z.strictObject({
    port: z.int().nullable(),
    access: z.enum(["private", "open"]),
    /** the certificates are no secret; the key is one, and stands here by its id */
    tls: z
      .discriminatedUnion("mode", [
        z.strictObject({ mode: z.literal("none") }),
        z.strictObject({
          mode: z.enum(["self-signed", "given"]),
          certificate: z.string(),
          keyId: z.string(),
        }),
      ])
      .default({ mode: "none" }),
    redirectFrom: z.int().nullable().default(null),
    gatewayClass: z.string().nullable().default(null),
    /** null where no Service gives the address */
    serviceType: z.enum(serviceTypes).nullable().default(null),
  }),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({ name: z.string(), secretId: z.string() }),
    ]),
  ),
  pullSecret: z
    .strictObject({ registry: z.string(), username: z.string(), secretId: z.string() })
    .nullable()
    .default(null),
  /** null elsewhere than on Google Cloud */
  google: googleSpec.nullable().default(null),
  ttlMinutes: z.int().nullable(),
});

export type Spec = z.infer<typeof spec>;
/** As an older version may have stored it: what it didn't know is left out. */
export type StoredSpec = z.input<typeof spec>;
export type Variant = Spec["variants"][number];
export type Rule = Spec["routing"]["rules"][number];
export type Affinity = Spec["routing"]["affinity"];
export type Endpoint = Spec["endpoint"];
export type Tls = Endpoint["tls"];
export type TlsInput = z.output<typeof tlsInput>;
export type PullSecretInput = z.output<typeof pullSecretInput>;
export type Algorithm = Spec["routing"]["algorithm"];
