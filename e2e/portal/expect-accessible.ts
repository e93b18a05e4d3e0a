import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "#e2e/portal/test.ts";

/** Checks with every rule that axe has, in both colour schemes. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // Half-way colours have too little contrast. To wait for the end would be to wait for frames, and nothing has to be drawn.
    await page.evaluate(() => {
      for (const animation of document.getAnimations())
        if (animation instanceof CSSTransition) animation.finish();
    });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const said = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 200)}\n  ${node.failureSummary}`),
    );
    expect.soft(said, `${what}, ${colorScheme}`).toEqual([]);
  }
}
