import { Panel } from "#components/ui/panel.tsx";

export const notMeasured = "not measured by this load balancer";

/** In the place of figures that can't be had: at layer 4 nothing is read in a connection, and a Gateway keeps them. */
export function NotMeasured({ title, layer }: { title: string; layer: 4 | 7 }) {
  return (
    <Panel title={title}>
      <p className="text-muted">
        Requests, errors and latency are {notMeasured}:{" "}
        {layer === 4
          ? "at layer 4 it passes connections on and reads nothing in them."
          : "the Gateway routes by itself, and what it counts is its own."}
      </p>
    </Panel>
  );
}
