import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { ProjectManagement } from "#components/targets/project-management.tsx";
import { projectViewForTest } from "#components/targets/project-view-for-test.ts";
import { ToastProvider } from "#components/ui/toasts.tsx";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => {}, refresh: () => {} }) }));
// What its dialog would say, said at once.
vi.mock("#components/ui/dialog.tsx", () => ({
  Dialog: ({ description }: { description: string }) => <p>{description}</p>,
  DialogActions: () => null,
}));

function shown(account: ProjectSettings["account"], deployments = 0): string {
  const detail = projectViewForTest().detail!;
  const given = { ...detail, deployments, settings: { ...detail.settings, account } };
  const never = () => Promise.reject(new Error("nothing is sent"));
  return renderToStaticMarkup(
    <ToastProvider>
      <ProjectManagement id="target-2" name="google" detail={given} change={never} remove={never} />
    </ToastProvider>,
  );
}

it("of an uploaded key, says that it is stored, and goes with the project", () => {
  const words = shown("key");
  expect(words).toContain("The key is stored encrypted");
  expect(words).toContain("Removing it deletes its key here.");
  expect(words).toContain("Its key is deleted here, and");
});

it("of the worker's own account, says that nothing of it is stored", () => {
  const words = shown("worker");
  expect(words).toContain("Nothing of it is stored here: the worker asks for it where it runs");
  expect(words).toContain("Removing it takes it from the form.");
  expect(words).toContain("take the roles from the worker’s account there yourself");
  expect(words).not.toMatch(/key is (stored|deleted)|deletes its key/i);
});

it("can't be removed while something is deployed there, and says how much", () => {
  const button = (words: string) => /<button[^>]*>(?:(?!<\/button>).)*Remove this project/.exec(words)?.[0];
  expect(button(shown("key"))).not.toMatch(/ disabled=""/);
  for (const [deployments, says] of [
    [1, "One deployment is there."],
    [2, "2 deployments are there."],
  ] as const) {
    const words = shown("key", deployments);
    expect(words).toContain(says);
    expect(button(words)).toMatch(/ disabled=""/);
  }
});
