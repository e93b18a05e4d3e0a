import { expect, inject, test } from "vitest";
import { PortalApi } from "#e2e/portal/api.ts";

const { target } = inject("place");
const { key } = inject("portal");
const api = new PortalApi(key);

test("the cluster is registered with the rights of the pasted role, and all that is needed was found", async () => {
  const { body } = await api.send("GET", `/targets/${target}`);
  expect(body).toMatchObject({ cluster: { state: "ready" } });
});
