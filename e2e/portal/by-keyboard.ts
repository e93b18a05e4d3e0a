import type { Locator, Page } from "@playwright/test";
import { expect } from "#e2e/portal/test.ts";

/** Goes to a control by Tab alone, then presses a key there. */
export async function press(
  page: Page,
  control: Locator,
  key: "Enter" | "Space",
  way?: "back",
): Promise<void> {
  await reach(page, control, way);
  await page.keyboard.press(key);
}

/** Tab by Tab to this control; it must be seen that it has the focus. */
export async function reach(page: Page, control: Locator, way?: "back"): Promise<void> {
  await expect(control).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) {
      expect(await outlined(control), "the focus is seen").toBe(true);
      return;
    }
    await page.keyboard.press(way === "back" ? "Shift+Tab" : "Tab");
  }
  await expect(control, "reached by 80 Tabs").toBeFocused({ timeout: 1 });
}

/** Whether the control or the card around it has an outline. */
function outlined(control: Locator): Promise<boolean> {
  return control.evaluate((element) =>
    [element, element.closest("label")].some(
      (each) => each && getComputedStyle(each).outlineStyle !== "none",
    ),
  );
}
