import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { FormToolsProvider, type FormTools } from "#components/form/form-context.tsx";
import { main, onCluster } from "#components/form/form-for-test.ts";
import { ModelChoice } from "#components/form/model-choice.tsx";
import { clusterForTest } from "#lib/targets/place-for-test.ts";
import { refusedFeatures } from "#lib/targets/refusals.ts";

test("why no model of the catalogue can be chosen is said once, and what is to be typed is code", () => {
  const place = clusterForTest({ imagePrefix: null });
  const tools: FormTools = {
    form: onCluster({}),
    change: () => {},
    places: [place],
    place,
    refused: refusedFeatures(place),
    isThere: false,
    at: () => ({ error: null, "data-field": "", onBlur: () => {} }),
    problemsUnder: () => false,
  };
  const page = renderToStaticMarkup(
    <FormToolsProvider value={tools}>
      <ModelChoice index={0} variant={main} onChange={() => {}} />
    </FormToolsProvider>,
  );
  expect(page.match(/no image prefix/g)).toHaveLength(1);
  expect(page).toContain('<code class="code">npm run images -- PREFIX</code>');
  expect(page).toMatch(/<input(?=[^>]* disabled)[^>]*value="sentiment"/);
  expect(page).not.toMatch(/<input(?=[^>]* disabled)[^>]*value="image"/);
});
