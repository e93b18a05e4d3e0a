import { expect, test } from "vitest";
import { hasCloud, OnGoogle } from "#e2e/cloud/portal/on-google.ts";

test.skipIf(!hasCloud)(
  "static files are fetched through the address beside the model, other ones after a change, the same once more changes nothing, and all goes",
  async () => {
    await using on = await OnGoogle.open();
    const files = (archive: string) => ({ google: { staticContent: { prefix: "/static", archive } } });
    const deployment = await on.deploy({ endpoint: { access: "open" }, ...files(await on.upload("one")) });
    const get = (path: string) => fetch(`${deployment.endpoint.url}${path}`);
    const page = await get("/static/index.html");
    expect([page.status, await page.text()]).toEqual([200, "<h1>one</h1>"]);
    expect((await get("/static/css/a.css")).headers.get("content-type")).toContain("text/css");
    expect((await get("/static/nothing")).status).toBe(404);
    expect((await on.call(deployment)).status).toBe(200);
    await on.change(deployment, files(await on.upload("two")));
    expect(await (await get("/static/index.html")).text()).toBe("<h1>two</h1>");
    await on.staysAsItIs(deployment);
    await on.leavesNothing(deployment);
  },
);
