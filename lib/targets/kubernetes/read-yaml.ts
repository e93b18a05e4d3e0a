import { parseAllDocuments, visit } from "yaml";
import { KubeconfigError } from "#lib/targets/kubernetes/kubeconfig-error.ts";

/** A kubeconfig of a person has a few KB; one of a whole company stays below this. */
const mostBytes = 128 * 1024;

/**
 * One YAML (or JSON) document as plain data. Aliases are refused: a kubeconfig has none, and a few lines of them
 * unfold to more than any memory holds.
 *
 * @throws KubeconfigError whose sentence names the line and never what stands there, which may be a key
 */
export function readYaml(text: string): unknown {
  if (Buffer.byteLength(text) > mostBytes) {
    throw new KubeconfigError(
      "too_large",
      `A kubeconfig has at most ${mostBytes / 1024} KB. Send one that holds this cluster alone: kubectl config view --minify --flatten.`,
    );
  }
  let documents;
  try {
    documents = parseAllDocuments(text, { prettyErrors: true, schema: "core", merge: false });
  } catch {
    // Lists nested a thousand deep exhaust the parser.
    throw malformed();
  }
  const [document, ...more] = Array.isArray(documents) ? documents : [];
  if (!document || document.contents === null) {
    throw new KubeconfigError("malformed", "It is empty. Paste the whole kubeconfig, from apiVersion on.");
  }
  if (more.length > 0) {
    throw new KubeconfigError(
      "malformed",
      "It holds several documents, parted by ---. Send one kubeconfig at a time.",
    );
  }
  const [problem] = document.errors;
  if (problem) throw malformed(problem.linePos?.[0].line);
  visit(document, {
    Alias() {
      throw new KubeconfigError(
        "aliases",
        "It uses YAML aliases (*name), which aren't taken. Write it out: kubectl config view --minify --flatten.",
      );
    },
  });
  return document.toJS();
}

function malformed(line?: number): KubeconfigError {
  const where = line === undefined ? "" : ` Look at line ${line}.`;
  return new KubeconfigError(
    "malformed",
    `This can't be read as YAML.${where} Paste the whole file, with its indentation.`,
  );
}
