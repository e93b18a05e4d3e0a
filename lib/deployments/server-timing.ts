export type TimingPart = { name: string; ms: number; title: string | null };

/** Reads a Server-Timing header: `queue;dur=1.2;desc="Waiting", replica;dur=8` */
export function parseServerTiming(header: string): TimingPart[] {
  return header.split(",").flatMap((part) => {
    const [name, ...fields] = part.split(";").map((field) => field.trim());
    const value = (key: string) =>
      fields
        .find((field) => field.toLowerCase().startsWith(`${key}=`))
        ?.slice(key.length + 1)
        .replace(/^"(.*)"$/, "$1");
    const ms = Number(value("dur"));
    return name && value("dur") !== undefined && Number.isFinite(ms)
      ? [{ name, ms, title: value("desc") ?? null }]
      : [];
  });
}
