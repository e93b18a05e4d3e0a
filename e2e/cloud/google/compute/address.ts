import type { Kind } from "#e2e/cloud/google/compute/kinds.ts";
import { selfLink } from "#e2e/cloud/google/compute/references.ts";
import { invalidValue } from "#e2e/cloud/google/google-error.ts";
import { stringAt } from "#e2e/cloud/google/json.ts";
import type { Model } from "#e2e/cloud/google/model.ts";
import type { Stored } from "#e2e/cloud/google/store.ts";

export const addressKind: Kind = {
  verbs: ["insert", "delete"],
  defaults: { addressType: "EXTERNAL", networkTier: "PREMIUM" },
  check({ model, body, before }) {
    if (before) return;
    if (stringAt(body, "addressType") !== "EXTERNAL") {
      throw invalidValue(
        "resource.addressType",
        body.addressType,
        "The model knows external addresses only.",
      );
    }
    if (stringAt(body, "address") !== "") {
      throw invalidValue("resource.address", body.address, "An external address is Google's to choose.");
    }
    return { fill: { address: model.surroundings.nextAddress() } };
  },
  show(model, stored) {
    const users = rulesAt(model, stored.key).map(({ key }) => selfLink(model, key));
    return users.length > 0 ? { status: "IN_USE", users } : { status: "RESERVED" };
  },
};

const rulesAt = (model: Model, address: string): Stored[] =>
  model.store.all().filter(({ key, refs }) => key.includes("/forwardingRules/") && refs.includes(address));
