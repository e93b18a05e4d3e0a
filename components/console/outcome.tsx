import { LoaderCircle } from "lucide-react";
import { Tabs } from "radix-ui";
import type { Outcome } from "#components/console/call.ts";
import { pretty } from "#components/console/pretty.ts";
import { TimingBar } from "#components/console/timing-bar.tsx";
import { shortReplica } from "#components/traffic/request-table.tsx";
import { Callout } from "#components/ui/callout.tsx";
import { cx } from "#components/ui/class-names.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { formatLatency } from "#components/ui/format.ts";

type Answer = Extract<Outcome, { kind: "answer" }>;
type Stream = Extract<Outcome, { kind: "stream" }>;

/** What came back. */
export function OutcomeView({ outcome }: { outcome: Outcome }) {
  if (outcome.kind === "refused") {
    return (
      <Callout tone="bad" title="It wasn’t answered">
        {outcome.message}
        {outcome.fields.map((problem) => (
          <span key={problem.field} className="block">
            {problem.field}: {problem.message}
          </span>
        ))}
      </Callout>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Summary outcome={outcome} />
      <TimingBar timing={outcome.timing} totalMs={outcome.totalMs} streamed={outcome.kind === "stream"} />
      {outcome.kind === "stream" ? <StreamedBody outcome={outcome} /> : <WholeBody outcome={outcome} />}
    </div>
  );
}

function Summary({ outcome }: { outcome: Answer | Stream }) {
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2">
      <Fact name="Status">
        <span className={cx("figures font-semibold", statusTone(outcome.status))}>{outcome.status}</span>
      </Fact>
      <Fact name="Answered by">
        <span className="code">{outcome.replica ? shortReplica(outcome.replica) : "the load balancer"}</span>
      </Fact>
      <Fact name={outcome.kind === "stream" && outcome.open ? "So far" : "Total"}>
        <span className="figures">{formatLatency(outcome.totalMs)}</span>
      </Fact>
      {outcome.requestId && (
        <Fact name="Request">
          <span className="code break-all">{outcome.requestId}</span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function statusTone(status: number): string {
  return status >= 500 ? "text-bad" : status >= 400 ? "text-warn" : "text-ok";
}

function WholeBody({ outcome }: { outcome: Answer }) {
  const tab =
    "rounded-md px-3 py-1 text-muted hover:text-ink data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-accent-strong max-sm:py-2";
  return (
    <Tabs.Root defaultValue="content">
      <Tabs.List aria-label="Answer" className="mb-2 flex gap-1">
        <Tabs.Trigger value="content" className={tab}>
          Content
        </Tabs.Trigger>
        <Tabs.Trigger value="headers" className={tab}>
          Answer headers
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="content" tabIndex={-1}>
        <Body outcome={outcome} />
        {outcome.truncated && <p className="mt-1 text-small text-faint">Only the first megabyte is shown.</p>}
      </Tabs.Content>
      <Tabs.Content value="headers" tabIndex={-1} className="code">
        <DefinitionList items={Object.entries(outcome.headers)} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Body({ outcome }: { outcome: Answer }) {
  const { body, headers } = outcome;
  const type = headers["content-type"] ?? "";
  if ("text" in body) {
    if (body.text === "") return <p className="text-faint">The answer has no body.</p>;
    return <CodeBlock text={pretty(body.text)} label="Answer body" copy="answer" wrap />;
  }
  const address = `data:${type || "application/octet-stream"};base64,${body.base64}`;
  // The browser reads this address as an image or a file, never as a page.
  if (/^image\/(png|jpeg|gif|webp)/.test(type)) {
    return <img src={address} alt="Answer" className="max-w-full rounded-md border" />;
  }
  return (
    <a href={address} download="answer" className="text-accent underline">
      Save the answer ({type || "unknown type"})
    </a>
  );
}

function StreamedBody({ outcome }: { outcome: Stream }) {
  return (
    <div>
      <p role="status" className="mb-2 flex items-center gap-2 text-small text-faint">
        {outcome.open && <LoaderCircle aria-hidden className="size-3.5 animate-spin" />}
        {outcome.events.length} {outcome.events.length === 1 ? "event" : "events"}
        {outcome.open ? " so far, more may come" : ", the stream has ended"}
      </p>
      <ol
        aria-label="Events"
        tabIndex={0}
        className="code max-h-96 divide-y overflow-auto rounded-md border bg-sunken"
      >
        {outcome.events.map((event, index) => (
          <li key={index} className="flex gap-3 px-3 py-1.5">
            <span className="figures w-16 shrink-0 text-right text-faint">
              {formatLatency(event.afterMs)}
            </span>
            <span className="shrink-0 text-muted">{event.name}</span>
            <span className="min-w-0 break-words whitespace-pre-wrap">{event.data}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
