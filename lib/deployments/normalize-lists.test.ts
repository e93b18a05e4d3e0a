import { expect, test } from "vitest";
import { good, problemsOf, variants, withoutModel } from "#lib/deployments/normalize-for-test.ts";
import type { FieldError } from "#lib/errors.ts";

const pathShape = "A path begins with one / and has no spaces, \\ or #.";

test.each<[string, unknown, FieldError[]]>([
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
        message: "Container images run on clusters and Google projects. Choose a model of the catalogue.",
      },
    ],
  ],
  [
    "an image in a variant on local",
    { ...withoutModel, variants: [{ name: "a", model: { image: "nginx" } }] },
    [
      {
        field: "variants.0.model.image",
        message: "Container images run on clusters and Google projects. Choose a model of the catalogue.",
      },
    ],
  ],
  [
    "a kind of target that is registered one by one",
    { ...good, target: "gke" },
    [
      {
        field: "target",
        message: "No Google project is registered. An admin adds one on the targets page.",
      },
    ],
  ],
  [
    "a rule to nobody",
    { ...good, routing: { rules: [{ variant: "ghost", pathPrefix: "/a" }] } },
    [{ field: "routing.rules.0.variant", message: 'There is no variant "ghost". Choose one of: main.' }],
  ],
  [
    "a path that goes on into the query, where no request's path does",
    { ...good, routing: { rules: [{ variant: "main", pathPrefix: "/v1?beta=1" }] } },
    [
      {
        field: "routing.rules.0.pathPrefix",
        message: "A path ends before ? and #: what comes after ? is a condition of its own, the query.",
      },
    ],
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
