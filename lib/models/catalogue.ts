/** A model that Sluice can serve by itself. */
export type Preset = {
  id: string;
  title: string;
  /** one sentence: what it does */
  does: string;
  /** megabytes of the files that it loads, weights included */
  sizeMb: number;
  /** megabytes of memory that one replica takes, measured */
  memoryMb: number;
  /** of a cluster's processor that one replica asks for where nothing is said; it may use twice as much */
  cpu: string;
  licence: string;
  /** requests that one replica works on at a time; more wait in the load balancer */
  concurrency: number;
  /** the default of scaling.targetInFlight */
  targetInFlight: number;
  healthPath: string;
  /** seconds from start to healthy that are normal, for the timeline */
  startSeconds: number;
  /**
   * What the test console opens with. Where the body is a file, `body` is empty and `sampleFile` is the address
   * of that file on the portal (under `public/`).
   */
  example: { method: "POST"; path: string; contentType: string; body: string; sampleFile?: string };
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
    memoryMb: 180,
    // Four of these and what GKE runs itself fit on the three nodes of one core that a deployment has there at first.
    cpu: "250m",
    licence: "MIT",
    concurrency: 4,
    targetInFlight: 4,
    healthPath: "/healthz",
    startSeconds: 0.5,
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
  {
    id: "ocr",
    title: "Text in images (OCR)",
    does: "Reads the printed lines in a PNG or JPEG, each with its place; streams them as they are read.",
    sizeMb: 30,
    memoryMb: 400,
    cpu: "500m",
    licence: "Apache-2.0",
    concurrency: 1,
    targetInFlight: 1,
    healthPath: "/healthz",
    startSeconds: 1.2,
    example: {
      method: "POST",
      path: "/predict",
      contentType: "image/png",
      body: "",
      sampleFile: "/samples/delivery-note.png",
    },
    streams: true,
    entry: "infra/models/ocr/main.ts",
  },
];

export function findPreset(id: string): Preset | undefined {
  return catalogue.find((preset) => preset.id === id);
}
