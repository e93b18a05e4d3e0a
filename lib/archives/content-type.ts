import { lookup } from "mrmime";

/** What a file is served as, by its name's ending. A text is taken for UTF-8, as nearly all are. */
export function contentTypeOf(path: string): string {
  const type = lookup(path) ?? "application/octet-stream";
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type;
}
