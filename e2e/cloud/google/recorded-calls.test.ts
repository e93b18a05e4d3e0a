import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { googleForTest, project } from "#e2e/cloud/google/google-for-test.ts";

const lines = readFileSync(path.join(import.meta.dirname, "recorded-calls.txt"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));

/** The plugin asks for what it is about to make, and finds nothing. */
const absent = new Set([
  `GET /container/v1beta1/projects/${project}/locations/us-central1-a/clusters/slu-x`,
  `GET /container/v1beta1/projects/${project}/locations/us-central1-a/clusters/slu-x/nodePools/main`,
]);

test("takes every call that the plugin was seen to make, in order", async () => {
  const { google, ask } = await googleForTest();
  const group = `/compute/beta/projects/${project}/zones/us-central1-a/networkEndpointGroups`;
  const answers: { call: string; status: number; expected: number; body: unknown }[] = [];
  const made = new Set<string>();
  let labelFingerprint = "";
  for (const line of lines) {
    const [method = "", url = "", ...rest] = line.split(" ");
    const call = `${method} ${url}`;
    // Between network and backends, GKE's controller makes the group; before the network goes, it removes it.
    if (url.endsWith("/backendServices") && !made.has("group")) {
      made.add("group");
      const network = `projects/${project}/global/networks/slu-x`;
      expect(await ask("POST", group, { name: "slu-x", network })).toMatchObject({ status: 200 });
    }
    if (call === `DELETE /compute/beta/projects/${project}/global/networks/slu-x`) {
      expect(await ask("DELETE", `${group}/slu-x`)).toMatchObject({ status: 200 });
    }
    const text = rest.join(" ").replaceAll("{url}", google.url).replace("bGY=", labelFingerprint);
    const answer = await ask(method, url, text === "" ? undefined : JSON.parse(text));
    if (answer.body.labelFingerprint) labelFingerprint = answer.body.labelFingerprint as string;
    const expected =
      absent.has(call) && !made.has(call)
        ? 404
        : method === "DELETE" && url.startsWith("/storage")
          ? 204
          : 200;
    made.add(call);
    answers.push({ call, status: answer.status, expected, body: answer.body });
    if (answer.body.kind === "compute#operation") {
      expect(answer.body).toMatchObject({ status: "DONE", progress: 100 });
      expect(answer.body).not.toHaveProperty("error");
    }
  }
  expect(answers.filter(({ status, expected }) => status !== expected)).toEqual([]);
  expect(answers).toHaveLength(81);
  // Everything was deleted, nothing stays.
  expect(google.store.all().map(({ key }) => key)).toEqual([]);
  await google.close();
});
