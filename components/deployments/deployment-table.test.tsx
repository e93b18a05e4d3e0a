import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { DeploymentTable, ErrorShare, ModelAndPlace } from "#components/deployments/deployment-table.tsx";
import { readListQuery } from "#components/deployments/list-query.ts";

test("where it runs stands apart from the model's name, which alone may be cut off", () => {
  const image = "ghcr.io/acme/text-embeddings-inference:cpu-1.6.0-rc.2";
  const page = renderToStaticMarkup(<ModelAndPlace deployment={deploymentForTest({ models: [image] })} />);
  // Cut off behind its registry it would look like all others of that registry.
  expect(page).toContain(
    `<span title="${image}" class="min-w-0 truncate">text-embeddings-inference:cpu-1.6.0-rc.2</span>`,
  );
  expect(page).toMatch(/<span class="[^"]*shrink-0[^"]*"> · prod<\/span>/);
});

test("a row of what is destroyed has an age as all have, and its end on hover", () => {
  const createdAt = "2026-01-02T03:04:00.000Z";
  const destroyedAt = "2026-01-02T03:04:30.000Z";
  const gone = deploymentForTest({ status: "destroyed", createdAt, destroyedAt });
  const query = readListQuery({}, []);
  const page = renderToStaticMarkup(<DeploymentTable deployments={[gone]} query={query} />);
  expect(page).toContain('title="from 2026-01-02 03:04:00 UTC to 2026-01-02 03:04:30 UTC"');
  expect(page).not.toContain("lived");
});

test("errors are said to be 4xx where all were the callers’", () => {
  const traffic = { ...deploymentForTest().traffic, requests: 52, errors: 2, errorRate: 2 / 52 };
  const words = (serverErrors: number) =>
    renderToStaticMarkup(<ErrorShare {...traffic} serverErrors={serverErrors} />);
  expect(words(0)).toContain("2 of 52, all 4xx");
  expect(words(1)).toContain("2 of 52, 1 servers’");
});
