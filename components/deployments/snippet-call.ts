import type { Preset } from "#lib/models/catalogue.ts";

/** What a snippet says in every language. */
export type Call = {
  /** the endpoint's address, without a path */
  url: string;
  example: Preset["example"];
  /** the portal's own address, where sample files lie */
  portal: string;
  /** for a private endpoint: the key, or what stands in its place until one is made */
  key: string | null;
  /** PEM, for an HTTPS endpoint: the code trusts this */
  certificate?: string | null;
  /** where the certificate is for another name than the address: that name, and what is connected to */
  named?: { name: string; ip: string; port: number } | null;
};

export function headers({ key, example }: Call): [string, string][] {
  const type: [string, string] = ["Content-Type", example.contentType];
  return key === null ? [type] : [type, ["Authorization", `Bearer ${key}`]];
}

/** JSON in one line; anything else as it is. */
export function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}

/** Where the portal has the example's file. */
export function sample({ portal, example }: Call): string {
  return new URL(example.sampleFile ?? "/", portal).href;
}
