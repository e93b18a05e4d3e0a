import { expect, test } from "vitest";
import { normalizeDeployment } from "#lib/deployments/normalize-spec.ts";
import { SluiceError, type FieldError } from "#lib/errors.ts";

const good = { name: "one", target: "local", model: { preset: "sentiment" } };
const variants = [
  { name: "a", model: { preset: "sentiment" } },
  { name: "b", model: { preset: "sentiment" }, weight: 0 },
];
const { model: _, ...withoutModel } = good;

function problemsOf(input: unknown): FieldError[] {
  try {
    normalizeDeployment(input);
    return [];
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return error.fields;
    throw error;
  }
}

const pathShape = "A path begins with one / and has no spaces, \\ or #.";
const nameShape =
  "Use lower-case letters, digits and hyphens; start with a letter and don't end with a hyphen.";
const noField = "There is no such field.";

test.each<[string, unknown, FieldError[]]>([
  ["nothing", undefined, [{ field: "", message: "This is required." }]],
  ["a list", [], [{ field: "", message: "Must be an object." }]],
  ["no name", { ...good, name: undefined }, [{ field: "name", message: "Give it a name." }]],
  [
    "an empty name",
    { ...good, name: "" },
    [
      { field: "name", message: "Give it a name." },
      { field: "name", message: nameShape },
    ],
  ],
  ["upper case", { ...good, name: "One" }, [{ field: "name", message: nameShape }]],
  ["an underscore", { ...good, name: "a_b" }, [{ field: "name", message: nameShape }]],
  ["a per cent sign", { ...good, name: "a%" }, [{ field: "name", message: nameShape }]],
  ["a hyphen last", { ...good, name: "a-" }, [{ field: "name", message: nameShape }]],
  [
    "a long name",
    { ...good, name: "a".repeat(41) },
    [{ field: "name", message: "A name has at most 40 characters." }],
  ],
  ["a number as name", { ...good, name: 7 }, [{ field: "name", message: "Give it a name." }]],
  [
    "no target",
    { ...good, target: undefined },
    [{ field: "target", message: "Choose one of: local, kubernetes, gke." }],
  ],
  [
    "an unknown target",
    { ...good, target: "moon" },
    [{ field: "target", message: "Choose one of: local, kubernetes, gke." }],
  ],
  ["no model", withoutModel, [{ field: "model", message: "Choose a model." }]],
  ["an empty model", { ...good, model: {} }, [{ field: "model", message: "Choose a model." }]],
  ["a text as model", { ...good, model: "sentiment" }, [{ field: "model", message: "Choose a model." }]],
  [
    "preset and image",
    { ...good, model: { preset: "sentiment", image: "x" } },
    [{ field: "model", message: "Choose a model." }],
  ],
  [
    "an empty preset",
    { ...good, model: { preset: "" } },
    [{ field: "model.preset", message: "Choose a model." }],
  ],
  ["a wrong image", { ...good, model: { image: 3 } }, [{ field: "model.image", message: "Must be a text." }]],
  [
    "a stranger in a model",
    { ...good, model: { preset: "sentiment", size: 1 } },
    [{ field: "model.size", message: noField }],
  ],
  ["a stranger", { ...good, colour: "red" }, [{ field: "colour", message: noField }]],
  [
    "min over max",
    { ...good, scaling: { minReplicas: 3, maxReplicas: 2 } },
    [{ field: "scaling.maxReplicas", message: "Must be at least the minimum, 3." }],
  ],
  [
    "zero replicas",
    { ...good, scaling: { minReplicas: 0 } },
    [{ field: "scaling.minReplicas", message: "At least one replica." }],
  ],
  [
    "too many replicas",
    { ...good, scaling: { maxReplicas: 21 } },
    [{ field: "scaling.maxReplicas", message: "Must be at most 20." }],
  ],
  [
    "half a replica",
    { ...good, scaling: { minReplicas: 1.5 } },
    [{ field: "scaling.minReplicas", message: "Must be a whole number." }],
  ],
  [
    "replicas as a text",
    { ...good, scaling: { minReplicas: "2" } },
    [{ field: "scaling.minReplicas", message: "Must be a number." }],
  ],
  [
    "an unknown metric",
    { ...good, scaling: { metric: "cpu" } },
    [{ field: "scaling.metric", message: "Choose one of: inflight, none." }],
  ],
  [
    "a port of the system",
    { ...good, endpoint: { port: 80 } },
    [{ field: "endpoint.port", message: "Ports below 1024 are the system's." }],
  ],
  [
    "a port too high",
    { ...good, endpoint: { port: 70_000 } },
    [{ field: "endpoint.port", message: "Must be at most 65535." }],
  ],
  [
    "an unknown access",
    { ...good, endpoint: { access: "all" } },
    [{ field: "endpoint.access", message: "Choose one of: private, open." }],
  ],
  [
    "a weight over 100",
    { ...withoutModel, variants: [{ ...variants[0], weight: 101 }] },
    [{ field: "variants.0.weight", message: "A weight is 0 to 100." }],
  ],
  [
    "all weights zero",
    { ...withoutModel, variants: [variants[1]] },
    [{ field: "variants", message: "At least one variant needs a weight above 0." }],
  ],
  [
    "no variants",
    { ...withoutModel, variants: [] },
    [{ field: "variants", message: "Must be at least 1 entries." }],
  ],
  [
    "nine variants",
    { ...withoutModel, variants: Array.from({ length: 9 }, (_v, i) => ({ ...variants[0], name: `v${i}` })) },
    [{ field: "variants", message: "At most 8 variants." }],
  ],
  [
    "a name used twice",
    { ...withoutModel, variants: [variants[0], variants[0]] },
    [{ field: "variants.1.name", message: "Another variant has this name." }],
  ],
  [
    "a model in both places",
    { ...good, variants },
    [{ field: "model", message: "Say this for each variant, or leave out `variants`." }],
  ],
  [
    "scaling in both places",
    { ...withoutModel, variants, scaling: {} },
    [{ field: "scaling", message: "Say this for each variant, or leave out `variants`." }],
  ],
  [
    "an unknown preset in a variant",
    { ...withoutModel, variants: [{ name: "a", model: { preset: "x" } }] },
    [
      {
        field: "variants.0.model.preset",
        message: expect.stringMatching(/^There is no model "x"\. Choose one of: sentiment/) as string,
      },
    ],
  ],
  [
    "an unknown preset",
    { ...good, model: { preset: "x" } },
    [
      {
        field: "model.preset",
        message: expect.stringMatching(/^There is no model "x"\. Choose one of: sentiment/) as string,
      },
    ],
  ],
  [
    "an image on local",
    { ...good, model: { image: "nginx" } },
    [
      {
        field: "model.image",
        message: "Container images run on Kubernetes targets. Choose a model of the catalogue.",
      },
    ],
  ],
  [
    "an image in a variant on local",
    { ...withoutModel, variants: [{ name: "a", model: { image: "nginx" } }] },
    [
      {
        field: "variants.0.model.image",
        message: "Container images run on Kubernetes targets. Choose a model of the catalogue.",
      },
    ],
  ],
  [
    "a target of later",
    { ...good, target: "gke" },
    [
      {
        field: "target",
        message: "This version of Sluice doesn't deploy to Google Cloud yet. Choose local.",
      },
    ],
  ],
  [
    "a rule to nobody",
    { ...good, routing: { rules: [{ variant: "ghost", pathPrefix: "/a" }] } },
    [{ field: "routing.rules.0.variant", message: 'There is no variant "ghost". Choose one of: main.' }],
  ],
  [
    "a rule without condition",
    { ...good, routing: { rules: [{ variant: "main" }] } },
    [{ field: "routing.rules.0", message: "Give at least one condition." }],
  ],
  [
    "a header that isn't one",
    { ...good, routing: { rules: [{ variant: "main", header: { name: "a b", value: "x" } }] } },
    [{ field: "routing.rules.0.header.name", message: "Not a header's name." }],
  ],
  [
    "a value with a line end",
    { ...good, routing: { rules: [{ variant: "main", header: { name: "a", value: "x\ny" } }] } },
    [{ field: "routing.rules.0.header.value", message: "Printable ASCII characters only." }],
  ],
  [
    "an unknown algorithm",
    { ...good, routing: { algorithm: "best" } },
    [{ field: "routing.algorithm", message: "Choose one of: least-connections, round-robin, random." }],
  ],
  [
    "an unknown affinity",
    { ...good, routing: { affinity: { by: "moon" } } },
    [{ field: "routing.affinity.by", message: "Choose one of: none, cookie, ip, header." }],
  ],
  [
    "env without a value",
    { ...good, env: [{ name: "A" }] },
    [{ field: "env.0", message: "Give a value or a secret." }],
  ],
  [
    "env with both",
    { ...good, env: [{ name: "A", value: "", secret: "s" }] },
    [{ field: "env.0", message: "Give a value or a secret." }],
  ],
  [
    "env twice",
    {
      ...good,
      env: [
        { name: "A", value: "" },
        { name: "A", value: "" },
      ],
    },
    [{ field: "env.1.name", message: "This name is used twice." }],
  ],
  [
    "a wrong env name",
    { ...good, env: [{ name: "1A", value: "" }] },
    [{ field: "env.0.name", message: "Letters, digits and _; not a digit first." }],
  ],
  [
    "the system's env name",
    { ...good, env: [{ name: "LD_PRELOAD", value: "x" }] },
    [
      {
        field: "env.0.name",
        message: "LD_PRELOAD is kept for the system on this target. Choose another name.",
      },
    ],
  ],
  ["a short life", { ...good, ttlMinutes: 1 }, [{ field: "ttlMinutes", message: "At least 5 minutes." }]],
  ["a health path without /", { ...good, healthPath: "up" }, [{ field: "healthPath", message: pathShape }]],
  [
    "a health path that is another host's address",
    { ...good, healthPath: "//other.example/healthz" },
    [{ field: "healthPath", message: pathShape }],
  ],
  [
    "an image's health path that is another host's address",
    { ...good, model: { image: "nginx", healthPath: "/\\other.example" } },
    [{ field: "model.healthPath", message: pathShape }],
  ],
  [
    "a zero byte, which no process takes",
    { ...good, env: [{ name: "A", value: "a\0b" }] },
    [{ field: "env.0.value", message: "It holds a zero byte or half a character: not text." }],
  ],
  [
    "half a character, which no database takes",
    { ...good, env: [{ name: "A", value: "\ud800" }] },
    [{ field: "env.0.value", message: "It holds a zero byte or half a character: not text." }],
  ],
])("%s is refused at its field", (_what, input, expected) => {
  expect(problemsOf(input)).toEqual(expected);
});

test("one problem is said in the error's own sentence, several are counted", () => {
  expect(() => normalizeDeployment({ ...good, name: "A" })).toThrow(`name: ${nameShape}`);
  expect(() => normalizeDeployment({ ...good, name: "A", colour: 1 })).toThrow("2 fields need a change.");
});

test("the short form becomes the variant main with every default", () => {
  expect(normalizeDeployment(good)).toEqual({
    name: "one",
    draft: {
      version: 1,
      target: "local",
      variants: [
        {
          name: "main",
          model: { preset: "sentiment" },
          scaling: { minReplicas: 1, maxReplicas: 3, metric: "inflight", targetInFlight: 4 },
          weight: 100,
          healthPath: "/healthz",
        },
      ],
      routing: { rules: [], algorithm: "least-connections", affinity: { by: "none" } },
      endpoint: { port: null, access: "private" },
      env: [],
      ttlMinutes: null,
    },
  });
});

test.each([
  [{ metric: "none" }, { minReplicas: 1, maxReplicas: 1 }],
  [
    { minReplicas: 4, metric: "none" },
    { minReplicas: 4, maxReplicas: 4 },
  ],
  [{ minReplicas: 4 }, { minReplicas: 4, maxReplicas: 6 }],
  [{ minReplicas: 19 }, { minReplicas: 19, maxReplicas: 20 }],
  [
    { minReplicas: 2, maxReplicas: 2 },
    { minReplicas: 2, maxReplicas: 2 },
  ],
])("scaling %j gets its missing bounds", (scaling, expected) => {
  expect(normalizeDeployment({ ...good, scaling }).draft.variants[0]?.scaling).toMatchObject(expected);
});

test("several variants keep their own names, weights and scaling", () => {
  const { draft } = normalizeDeployment({
    ...withoutModel,
    variants,
    routing: {
      rules: [{ variant: "b", header: { name: "x-beta", value: "1" } }],
      affinity: { by: "cookie" },
    },
  });
  expect(draft.variants.map((v) => [v.name, v.weight])).toEqual([
    ["a", 100],
    ["b", 0],
  ]);
  expect(draft.routing.algorithm).toBe("least-connections");
});
