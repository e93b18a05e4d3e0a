import Link from "next/link";
import { routes } from "#lib/routes.ts";

const pages: Record<string, (deploymentId: string) => string> = {
  Settings: routes.settings,
  Overview: routes.deployment,
  Activity: routes.activity,
  Test: routes.test,
  Targets: () => routes.targets,
};
const named = new RegExp(`(?<=under )(${Object.keys(pages).join("|")})\\b`);

/** A sentence of advice, in which the pages that it names are links. */
export function Advice({ deploymentId, text }: { deploymentId: string; text: string }) {
  return text.split(named).map((part, index) => {
    // Each second part is what was split at: a page's name.
    const page = index % 2 === 1 ? pages[part] : undefined;
    if (!page) return part;
    return (
      <Link key={index} href={page(deploymentId)} className="text-accent underline">
        {part}
      </Link>
    );
  });
}
