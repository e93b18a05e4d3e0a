import * as z from "zod";

/**
 * What a deployment on Google Cloud has beside what every one has: as a person sends it (`googleInput`), and as it is
 * stored (`googleSpec`). `complete-google.ts` turns the first into the second by what the target offers.
 */

const nodes = z.int().min(1, "At least one node.").max(100, "At most 100 nodes.");
/** As Google names machine types and GPUs; whether a place has it is asked of the place. */
const offeredName = z
  .string()
  .max(63, "At most 63 characters.")
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, "Lower-case letters, digits and hyphens, such as n1-standard-1.");

/** A network that is there already, in the target's project: all four names are needed. */
const networkInput = z.strictObject({
  network: offeredName,
  subnetwork: offeredName,
  /** names of the subnet's secondary ranges */
  podsRange: offeredName,
  servicesRange: offeredName,
});

export const releaseChannels = ["RAPID", "REGULAR", "STABLE"] as const;

const ownClusterInput = z
  .strictObject({
    mode: z.literal("own"),
    machineType: offeredName.default("n1-standard-1"),
    /** sizes of the whole pool, over all zones */
    minNodes: nodes.default(3),
    /** without it as many as `minNodes` */
    maxNodes: nodes.optional(),
    /** cheaper nodes that Google may take away at any time */
    spot: z.boolean().default(false),
    /** in each node */
    gpu: z.strictObject({ type: offeredName, count: z.int().min(1).max(16) }).nullish(),
    releaseChannel: z.enum(releaseChannels).default("REGULAR"),
    /** without it a network of its own */
    network: networkInput.nullish(),
  })
  .superRefine(({ minNodes, maxNodes }, ctx) => {
    if (maxNodes === undefined || maxNodes >= minNodes) return;
    ctx.addIssue({
      code: "custom",
      path: ["maxNodes"],
      message: `Must be at least the minimum, ${minNodes}.`,
    });
  });

export const clusterInput = z.discriminatedUnion("mode", [
  ownClusterInput,
  /** one that is there already, by its name and place */
  z.strictObject({ mode: z.literal("existing"), name: offeredName, location: offeredName }),
]);

/** Google's certificates name a domain of 64 characters at most (cloud.google.com/load-balancing/docs/quotas). */
const domain = z
  .string()
  .regex(
    /^(?=.{4,64}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
    "A domain's name of at most 64 lower-case characters, such as model.example.com.",
  );

const prefix = z
  .string()
  .max(100, "At most 100 characters.")
  .regex(
    /^\/[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/,
    "A path such as /static: letters, digits and - . _ ~ between slashes, none at its end.",
  );

export const googleInput = z.strictObject({
  cluster: clusterInput.optional(),
  /** with it the endpoint serves HTTPS by a certificate of Google's */
  domain: domain.nullish(),
  /** files that anyone may read; `archive` is what `POST /api/v1/archives` answered as `id` */
  staticContent: z
    .strictObject({ prefix: prefix.default("/static"), archive: z.string().regex(/^arc-[a-z0-9]{12}$/) })
    .nullish(),
  /** the share of requests that Google's load balancer logs; 0: none */
  logSampleRate: z.number().min(0, "From 0 to 1.").max(1, "From 0 to 1.").default(1),
  /** requests a second that one replica is expected to take, by which Google spreads them */
  maxRatePerEndpoint: z.int().min(1).max(100_000).default(100),
});

/** As it is stored: with all that was seen of the place when it was chosen, since the plan may depend on nothing else. */
export const googleSpec = z.strictObject({
  /** where the cluster is: a zone, or the region */
  location: z.string(),
  /** where its nodes are; they don't change */
  zones: z.array(z.string()),
  cluster: z.discriminatedUnion("mode", [
    z.strictObject({
      mode: z.literal("own"),
      machineType: z.string(),
      minNodes: z.int(),
      maxNodes: z.int(),
      spot: z.boolean(),
      gpu: z.strictObject({ type: z.string(), count: z.int() }).nullable(),
      releaseChannel: z.enum(releaseChannels),
      network: z
        .strictObject({
          network: z.string(),
          subnetwork: z.string(),
          podsRange: z.string(),
          servicesRange: z.string(),
        })
        .nullable(),
    }),
    z.strictObject({
      mode: z.literal("existing"),
      name: z.string(),
      /** its network's partial link, and the addresses of its pods in CIDR notation */
      network: z.string(),
      podsRange: z.string(),
      /** those of pools with a range of their own; specs that were stored before say nothing of them */
      morePodsRanges: z.array(z.string()).default([]),
    }),
  ]),
  domain: z.string().nullable(),
  /** earlier domains, whose certificates stay until the new one's is ACTIVE */
  leavingDomains: z.array(z.string()),
  staticContent: z.strictObject({ prefix: z.string(), archive: z.string() }).nullable(),
  logSampleRate: z.number(),
  maxRatePerEndpoint: z.int(),
});

export type GoogleInput = z.input<typeof googleInput>;
export type GoogleSpec = z.infer<typeof googleSpec>;
