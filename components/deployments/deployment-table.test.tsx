import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { deploymentForTest } from "#components/deployments/deployment-for-test.ts";
import { ErrorShare, ModelAndPlace } from "#components/deployments/deployment-table.tsx";

test("where it runs stands apart from the model's name, which alone may be cut off", () => {
  const image = "ghcr.io/acme/text-embeddings-inference:cpu-1.6.0-rc.2";
  const page = renderToStaticMarkup(<ModelAndPlace deployment={deploymentForTest({ models: [image] })} />);
  expect(page).toContain(`<span title="${image}" class="min-w-0 truncate">${image}</span>`);
  expect(page).toMatch(/<span class="[^"]*shrink-0[^"]*"> · prod<\/span>/);
});

test("errors are said to be 4xx where all were the callers’", () => {
  const traffic = { ...deploymentForTest().traffic, requests: 52, errors: 2, errorRate: 2 / 52 };
  const words = (serverErrors: number) =>
    renderToStaticMarkup(<ErrorShare {...traffic} serverErrors={serverErrors} />);
  expect(words(0)).toContain("2 of 52, all 4xx");
  expect(words(1)).toContain("2 of 52, 1 servers’");
});
