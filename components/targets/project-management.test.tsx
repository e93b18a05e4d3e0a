import { renderToStaticMarkup } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { ProjectManagement } from "#components/targets/project-management.tsx";
import { projectViewForTest } from "#components/targets/project-view-for-test.ts";
import { ToastProvider } from "#components/ui/toasts.tsx";
import type { ProjectSettings } from "#lib/targets/gke/project-settings.ts";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => {}, refresh: () => {} }) }));
// What its dialog would say, said at once.
vi.mock("#components/targets/danger-zone.tsx", () => ({
  DangerZone: ({ about, means }: { about: string; means: string }) => (
    <p>
      {about} {means}
    </p>
  ),
}));

function shown(account: ProjectSettings["account"]): string {
  const detail = projectViewForTest().detail!;
  const given = { ...detail, deployments: 0, settings: { ...detail.settings, account } };
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
