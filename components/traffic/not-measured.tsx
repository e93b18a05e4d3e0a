import { Panel } from "#components/ui/panel.tsx";

export const notMeasured = "not measured by this load balancer";

/** In the place of figures that a load balancer of layer 4 can't give: it reads nothing in a connection. */
export function NotMeasured({ title }: { title: string }) {
  return (
    <Panel title={title}>
      <p className="text-muted">
        Requests, errors and latency are {notMeasured}: at layer 4 it passes connections on and reads nothing
        in them.
      </p>
    </Panel>
  );
}
