import { ExternalLink } from "lucide-react";
import { splitCommand } from "#components/targets/project-words.ts";
import { CodeBlock } from "#components/ui/code-block.tsx";

/** What to do: in words, with the command to copy between its sentence and the next, and Google's page for it. */
export function Todo({ text, link }: { text: string; link: string | null }) {
  const { before, command, after } = splitCommand(text);
  const next = after.replace(/^[).,\s]+/, "");
  return (
    <>
      <p className="max-w-prose break-words">{command ? `${before.replace(/[:(\s]+$/, "")}:` : before}</p>
      {command && <CodeBlock text={inLines(command)} label="Command" copy="command" wrap className="mt-2" />}
      {next && <p className="mt-2 max-w-prose break-words">{next}</p>}
      {link && (
        <p className="mt-2">
          <a
            href={link}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 text-accent underline"
          >
            Open Google’s page for it
            <ExternalLink aria-hidden className="size-3.5" />
            <span className="sr-only">(in a new tab)</span>
          </a>
        </p>
      )}
    </>
  );
}

/** A command with each of its options on a line, still one command where it is pasted. */
function inLines(command: string): string {
  return command.replaceAll(" --", " \\\n  --");
}
