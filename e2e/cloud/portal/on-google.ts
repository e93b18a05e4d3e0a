import { randomUUID } from "node:crypto";
import { expect, inject } from "vitest";
import { location, makeCluster } from "#e2e/cloud/portal/make-cluster.ts";
import { controlAt, type Control, type TestProject } from "#e2e/cloud/portal/control.ts";
import { OnCluster } from "#e2e/cluster/portal/on-cluster.ts";
import { waitUntil } from "#e2e/cluster/wait-until.ts";
import { PortalApi, type LiveDeployment } from "#e2e/portal/api.ts";
import type { ArchiveView } from "#lib/archives/archive-view.ts";
import { zipForTest } from "#lib/archives/zip-for-test.ts";
import type { DriftView } from "#lib/deployments/drift.ts";
import type { PreviewJobResult } from "#lib/deployments/preview-job.ts";
import type { DeploymentView } from "#lib/deployments/view.ts";
import type { JobView } from "#lib/jobs/read-job.ts";
import { mainName } from "#lib/targets/gke/names.ts";
import type { TargetView } from "#lib/targets/target-view.ts";

/** Whether there is a model of Google's cloud: not before a cluster that was given. */
export const hasCloud = Boolean(inject("place")?.cloud);

/** A Google project of a check's own, registered in the portal; and what the check has deployed there. */
export class OnGoogle extends OnCluster {
  readonly cloud: Control;
  readonly project: TestProject;
  readonly location = location;

  private constructor(target: string, cloud: Control, project: TestProject) {
    super(target);
    this.cloud = cloud;
    this.project = project;
  }

  /** @param change of what is sent to register the project */
  static async open(change: Record<string, unknown> = {}): Promise<OnGoogle> {
    const { key, imagePrefix, cloud: url } = inject("place");
    const cloud = controlAt(url!);
    const project = await cloud.addProject(`check-${randomUUID().slice(0, 8)}`);
    const name = `google-${project.id.slice(6)}`;
    const api = new PortalApi(key);
    const answer = await api.send("POST", "/targets", {
      kind: "gke",
      name,
      project: project.id,
      location,
      key: JSON.stringify(project.key),
      nodeServiceAccount: project.nodes,
      imagePrefix,
      ...change,
    });
    if (answer.status !== 201) throw new Error(`Not registered: ${JSON.stringify(answer.body)}`);
    await waitUntil(`${name} to be ready`, async () => {
      const { body } = await api.send<TargetView>("GET", `/targets/${name}`);
      if (body.project?.state === "ready" && !body.project.checking) return true;
      throw new Error(JSON.stringify(body, null, 1));
    });
    return new OnGoogle(name, cloud, project);
  }

  /** Deploys pods that say who they are, unless the input says otherwise. */
  override async deploy(input: Record<string, unknown>): Promise<LiveDeployment> {
    try {
      return await super.deploy(this.formOf(input));
    } catch (error) {
      const trouble = await this.cloud.troubleOfControllers();
      throw new Error(`${String(error)}\nGKE's controllers: ${trouble}`, { cause: error });
    }
  }

  /** What is sent for pods that say who they are. */
  formOf(input: Record<string, unknown> = {}): Record<string, unknown> {
    const [image] = this.place.own!.echoImages;
    return {
      ...(!("variants" in input) && {
        model: { image, port: 8080, healthPath: "/healthz" },
        scaling: { minReplicas: 1, metric: "none" },
        resources: { cpu: "10m", memory: "32Mi" },
      }),
      ...input,
    };
  }

  /** Uploads a zip archive with a page that says this, and a stylesheet. @returns its id */
  async upload(text: string): Promise<string> {
    const zip = zipForTest([
      { name: "site/index.html", content: `<h1>${text}</h1>` },
      { name: "site/css/a.css", content: "h1 { color: teal }" },
    ]);
    const answer = await fetch(`${process.env.SLUICE_TEST_URL}/api/v1/archives?name=site.zip`, {
      method: "POST",
      headers: { authorization: `Bearer ${this.api.key}`, "content-type": "application/zip" },
      body: new Uint8Array(zip),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as ArchiveView).id;
  }

  /** All that the model still keeps of a project; a project that is new keeps nothing. */
  async left(): Promise<string[]> {
    return (await this.cloud.kept(this.project.id)).sort();
  }

  /** Tears down: the receipt has nothing that stays, and the model keeps no more of the project than before. */
  async leavesNothing(deployment: { id: string }, before: string[] = []): Promise<void> {
    const { operation, status, receipt } = await this.destroy(deployment);
    expect(operation).toMatchObject({ status: "succeeded", errorMessage: null });
    expect({ status, remaining: receipt?.remaining }).toEqual({ status: "destroyed", remaining: [] });
    expect(await this.left()).toEqual(before);
  }

  /** What the engine would change: `update` of what, say. */
  async previewed({ id }: { id: string }, change: object): Promise<string[]> {
    const asked = await this.api.send<JobView>("POST", "/previews", { deployment: id, ...change });
    const { status, result, message } = await waitUntil(
      "the engine's preview",
      async () => {
        const { body } = await this.api.send<JobView>("GET", `/jobs/${asked.body.id}`);
        return body.finishedAt !== null && body;
      },
      90_000,
    );
    if (status !== "done") throw new Error(`No preview: ${message}`);
    const { changes } = result as PreviewJobResult;
    return changes.flatMap(({ type, name, change: what }) =>
      what === "same" ? [] : [`${what} ${type} ${name}`],
    );
  }

  /** What isn't as it was declared, by a look at all that is there. */
  async drifted({ id }: { id: string }): Promise<DriftView> {
    await this.api.send("POST", `/deployments/${id}/drift`);
    return waitUntil(
      "the look at what is there",
      async () => {
        const { body } = await this.api.send<DriftView>("GET", `/deployments/${id}/drift`);
        return body.checkedAt !== null && !body.checking && body;
      },
      90_000,
    );
  }

  /**
   * Looks at all that is there, and does the same once more: nothing isn't as it was declared, and nothing changes.
   *
   * @param same a part of what the deployment was last told, for the preview
   */
  async staysAsItIs(
    deployment: { id: string },
    same: object = { scaling: { minReplicas: 1, metric: "none" } },
  ): Promise<void> {
    expect(await this.drifted(deployment)).toMatchObject({ items: [], trouble: null });
    const before = await this.changes();
    expect(await this.previewed(deployment, same)).toEqual([]);
    await this.doAgain(deployment);
    expect(await this.changes()).toBe(before);
  }

  /** How often something of the project was changed, but for the pods' addresses, which GKE's controllers see to. */
  async changes(): Promise<number> {
    const asking = /\/(networkEndpointGroups|getHealth|testIamPermissions)|:[a-zA-Z]+$/;
    return (await this.cloud.writes(this.project.id)).filter(({ path }) => !asking.test(path)).length;
  }

  /** Makes a cluster in the project, as somebody does beside the portal, and has the portal look. @returns its name */
  async makeCluster(): Promise<string> {
    const name = await makeCluster(this.cloud, this.project);
    const { target } = this.place;
    await this.api.send("POST", `/targets/${target}/check`);
    await waitUntil("the portal to know the cluster", async () => {
      const { body } = await this.api.send<TargetView>("GET", `/targets/${target}`);
      const found = body.project?.offers?.clusters.find((one) => one.name === name);
      if (found?.problems.length === 0) return true;
      throw new Error(JSON.stringify(found ?? body.project?.offers));
    });
    return name;
  }

  /** The name that a deployment's own things have. */
  nameOf({ id }: Pick<DeploymentView, "id">): string {
    return mainName(id);
  }
}
