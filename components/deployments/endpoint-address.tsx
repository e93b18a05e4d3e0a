import { Globe, KeyRound } from "lucide-react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import type { EndpointView } from "#lib/deployments/view.ts";

type Props = { endpoint: EndpointView | null; name: string; /** none is on its way */ failed?: boolean };

/** An endpoint's address, who may call it, and a button to copy it. */
export function EndpointAddress({ endpoint, name, failed }: Props) {
  if (!endpoint) return <span className="text-faint">{failed ? "no address" : "no address yet"}</span>;
  const open = endpoint.access === "open";
  const Icon = open ? Globe : KeyRound;
  const words = open ? "Open: anyone who reaches it may call it" : "Private: a key is needed";
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <span title={words} className="shrink-0 text-faint">
        <Icon aria-hidden className="size-3.5" />
        <span className="sr-only">{words}</span>
      </span>
      <span className="code min-w-0 truncate" title={endpoint.url}>
        {endpoint.url}
      </span>
      <CopyButton text={endpoint.url} what={`address of ${name}`} />
    </span>
  );
}
