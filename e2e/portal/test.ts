import path from "node:path";
import {
  expect,
  test as base,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "@playwright/test";
import { People, type Person } from "#e2e/portal/people.ts";

const nobody = { cookies: [], origins: [] };

type Enter = (person: Person | null, options?: BrowserContextOptions) => Promise<BrowserContext>;

type Fixtures = {
  /** what the browser's console may say as an error, where a test brings trouble about; null: nothing */
  expectedErrors: RegExp | null;
  /** the member whom this spec file acts as; `page` is signed in as them */
  person: Person;
  /** one more browser, signed in as someone else or (`null`) as nobody */
  enter: Enter;
};

/** Playwright's test with a signed-in person of the spec's own, where an error on the console is a failure. */
export const test = base.extend<Fixtures, { people: People }>({
  people: [
    async ({}, use) => {
      const people = new People();
      await use(people);
      await people.leave();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  expectedErrors: [null, { option: true }],
  person: async ({ people }, use, { file }) => {
    await use(await people.of(path.basename(file, ".spec.ts")));
  },
  storageState: async ({ person }, use) => use(person.session),
  context: async ({ context, expectedErrors }, use) => {
    const errors = watchErrors(context);
    arriveWholly(context);
    await use(context);
    expectNone(errors, expectedErrors);
  },
  enter: async ({ browser, expectedErrors }, use) => {
    const opened: { context: BrowserContext; errors: string[] }[] = [];
    await use(async (person, options) => {
      const context = await open(browser, person, options);
      arriveWholly(context);
      opened.push({ context, errors: watchErrors(context) });
      return context;
    });
    for (const { context, errors } of opened) {
      await context.close();
      expectNone(errors, expectedErrors);
    }
  },
});

export { expect };

function open(
  browser: Browser,
  person: Person | null,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  return browser.newContext({ storageState: person?.session ?? nobody, ...options });
}

/**
 * Has each `goto` and `reload` end when the page has put what was streamed in its place. Until then a part of it
 * stands there twice for a moment, once hidden, where React renders it anew before it came to hydrate it.
 */
function arriveWholly(context: BrowserContext): void {
  context.on("page", (page: Page) => {
    const { goto, reload } = page;
    const inPlace = () => page.waitForFunction(() => !document.querySelector("div[hidden][id^='S:']"));
    page.goto = async (...address) => {
      const response = await goto.apply(page, address);
      await inPlace();
      return response;
    };
    page.reload = async (...options) => {
      const response = await reload.apply(page, options);
      await inPlace();
      return response;
    };
  });
}

/** Every error that a page of this context writes to its console or doesn't catch. */
function watchErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => errors.push(String(error.error().stack ?? error.error())));
  return errors;
}

function expectNone(errors: string[], expected: RegExp | null): void {
  const surprising = errors.filter((error) => !expected?.test(error));
  expect(surprising, "errors on the browser's console").toEqual([]);
}
