/** A model that Sluice can serve by itself. */
export type Preset = {
  id: string;
  title: string;
  /** one sentence: what it does */
  does: string;
  /** megabytes on disk, weights included */
  sizeMb: number;
  /** megabytes of memory that one replica takes, measured */
  memoryMb: number;
  licence: string;
  /** requests that one replica works on at a time; more wait in the load balancer */
  concurrency: number;
  /** the default of scaling.targetInFlight */
  targetInFlight: number;
  healthPath: string;
  /** seconds from start to healthy that are normal, for the timeline */
  startSeconds: number;
  /** what the test console opens with */
  example: { method: "POST"; path: string; contentType: string; body: string };
  /** it streams server-sent events if the request accepts text/event-stream */
  streams: boolean;
  /** path of the server's entry file from the project's root; `null` for what runs on Kubernetes alone */
  entry: string | null;
};

export const catalogue: readonly Preset[] = [
  {
    id: "sentiment",
    title: "Sentiment and entities",
    does: "Tells whether English text is positive or negative, and finds the dates, sums and addresses in it.",
    sizeMb: 4,
    memoryMb: 120,
    licence: "MIT",
    concurrency: 4,
    targetInFlight: 4,
    healthPath: "/healthz",
    startSeconds: 2,
    example: {
      method: "POST",
      path: "/predict",
      contentType: "application/json",
      body: JSON.stringify(
        { text: "The new release is wonderful and the team was a joy to work with." },
        null,
        2,
      ),
    },
    streams: false,
    entry: "infra/models/sentiment/main.ts",
  },
];

export function findPreset(id: string): Preset | undefined {
  return catalogue.find((preset) => preset.id === id);
}
