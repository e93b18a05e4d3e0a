import { expect, test } from "vitest";
import { good, problemsOf, withoutModel } from "#lib/deployments/normalize-for-test.ts";
import type { FieldError } from "#lib/errors.ts";

const nameShape =
  "Use lower-case letters, digits and hyphens; start with a letter and don't end with a hyphen.";
const idShape = "A name can't look like an id. Choose one that doesn't begin with dep-.";
const noField = "There is no such field.";

test.each<[string, unknown, FieldError[]]>([
  ["nothing", undefined, [{ field: "", message: 'Send a JSON body: an object with "name" and "target".' }]],
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
  ["an id as name", { ...good, name: "dep-7k2m9x4q8w3v" }, [{ field: "name", message: idShape }]],
  ["a number as name", { ...good, name: 7 }, [{ field: "name", message: "Give it a name." }]],
  ["no target", { ...good, target: undefined }, [{ field: "target", message: "Choose a target." }]],
  [
    "an unknown target",
    { ...good, target: "moon" },
    [{ field: "target", message: 'There is no target "moon". Choose one of: local.' }],
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
    "strangers beside an unknown target and model",
    { ...good, colour: "red", target: "moon", model: { preset: "mood" }, routing: { speed: 1 } },
    [
      { field: "routing.speed", message: noField },
      { field: "colour", message: noField },
      { field: "target", message: 'There is no target "moon". Choose one of: local.' },
      { field: "model.preset", message: 'There is no model "mood". Choose one of: sentiment, ocr.' },
    ],
  ],
  [
    "a stranger beside an unknown model",
    { ...good, colour: "red", model: { preset: "mood" } },
    [
      { field: "colour", message: noField },
      { field: "model.preset", message: 'There is no model "mood". Choose one of: sentiment, ocr.' },
    ],
  ],
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
    { ...good, scaling: { metric: "cpus" } },
    [{ field: "scaling.metric", message: "Choose one of: inflight, cpu, none." }],
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
])("%s is refused at its field", (_what, input, expected) => {
  expect(problemsOf(input)).toEqual(expected);
});
