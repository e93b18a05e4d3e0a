import { expect, onTestFinished, test, vi } from "vitest";
import { apiForTest } from "#infra/targets/gke/input-for-test.ts";
import { settledDomains } from "#infra/targets/gke/settled-domains.ts";
import { deploymentForTest, gkeForms } from "#lib/targets/gke/forms-for-test.ts";
import { certificateName } from "#lib/targets/gke/names.ts";

const { settings } = gkeForms["another domain"]!;
const leaving = ["older.example.com", "oldest.example.com"];

/** Google with certificates of these states, by their domains. */
function having(states: Record<string, string>) {
  const byName = new Map(
    Object.entries(states).map(([domain, status]) => [certificateName(deploymentForTest, [domain]), status]),
  );
  return apiForTest(({ path }) => {
    const status = byName.get(path.split("/").at(-1)!);
    return status === undefined ? null : { managed: { status } };
  });
}

const leavingWith = async (states: Record<string, string>) => {
  const given = { ...settings, domain: { name: "new.example.com", leaving } };
  return (await settledDomains(having(states), deploymentForTest, given)).domain?.leaving;
};

test("earlier domains go once the new one's certificate is active", async () => {
  const old = { "older.example.com": "ACTIVE", "oldest.example.com": "ACTIVE" };
  expect(await leavingWith({ ...old, "new.example.com": "ACTIVE" })).toEqual([]);
  expect(await leavingWith({ ...old, "new.example.com": "PROVISIONING" })).toEqual(leaving);
});

test("one whose certificate went already gets none again", async () => {
  expect(await leavingWith({ "older.example.com": "ACTIVE" })).toEqual(["older.example.com"]);
});

test("they stay while Google can't be asked, and nobody is asked where none leaves", async () => {
  const away = apiForTest(() => {
    throw new Error("Google is away.");
  });
  expect(await settledDomains(away, deploymentForTest, settings)).toEqual(settings);
  const one = gkeForms["a domain"]!.settings;
  expect(await settledDomains(away, deploymentForTest, one)).toBe(one);
});

test("a Google that says nothing is not waited for", async () => {
  const limit = new AbortController();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(limit.signal);
  onTestFinished(() => timeout.mockRestore());
  const silent = apiForTest(
    ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error))),
  );
  const settled = settledDomains(silent, deploymentForTest, settings);
  expect(timeout.mock.calls[0]![0]).toBeLessThanOrEqual(5_000);
  limit.abort();
  expect(await settled).toEqual(settings);
});
