import type { Page } from "@playwright/test";

/** Notes from now on every value that a progress bar of this page takes; for pages that are loaded after this. */
export async function watchProgress(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(window, { progressSeen: seen });
    const look = () => {
      const now = document.querySelector('[role="progressbar"]')?.getAttribute("aria-valuenow");
      if (now && Number(now) !== seen.at(-1)) seen.push(Number(now));
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["aria-valuenow"],
    });
  });
  return () => page.evaluate(() => (window as unknown as { progressSeen: number[] }).progressSeen);
}
