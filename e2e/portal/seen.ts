import type { Locator, Page } from "@playwright/test";

/**
 * A text that is to be seen. While a page streams in, a part of it stands there twice for a moment, once hidden.
 */
export function seen(where: Page | Locator, text: string | RegExp, options?: { exact: boolean }): Locator {
  return where.getByText(text, options).filter({ visible: true });
}
