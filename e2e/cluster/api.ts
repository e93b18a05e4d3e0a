import https from "node:https";
import { ClusterError } from "#e2e/cluster/cluster-error.ts";

export type ApiServer = {
  url: string;
  /** PEM; without it the machine's own authorities vouch for the server */
  ca?: string;
  token: string;
  /** where it isn't a token that says who asks */
  client?: { cert: string; key: string };
};

export type ApiRequest = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** of a PATCH; server-side apply if none is given */
  contentType?: string;
  /** who asks, if not the admin */
  token?: string;
};

/** An object as the API server gives it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into objects of every kind
export type KubernetesObject = any;

/** Asks the API server, whatever it answers. `body` is the object, or the text where it is none. */
export function askApi(
  api: ApiServer,
  path: string,
  { method = "GET", body, contentType, token = api.token }: ApiRequest = {},
): Promise<{ status: number; body: KubernetesObject }> {
  const type = contentType ?? (method === "PATCH" ? "application/apply-patch+yaml" : "application/json");
  const headers = { ...(token && { authorization: `Bearer ${token}` }), "content-type": type };
  return new Promise((resolve, reject) => {
    const request = https.request(new URL(path, api.url), {
      method,
      headers,
      ca: api.ca,
      ...api.client,
      timeout: 30_000,
    });
    request.once("timeout", () => request.destroy(new Error("the API server said nothing for 30 s")));
    request.once("error", reject);
    request.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject).once("end", () => {
        const isJson = response.headers["content-type"]?.includes("application/json");
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Like askApi, for what must go well. @throws ClusterError `refused` with the API server's message */
export async function requestApi(
  api: ApiServer,
  path: string,
  options: ApiRequest = {},
): Promise<KubernetesObject> {
  const { status, body } = await askApi(api, path, options);
  if (status < 300) return body;
  const message = typeof body === "string" ? body : (body as { message?: string }).message;
  throw new ClusterError("refused", `${options.method ?? "GET"} ${path}: ${status} ${message}`);
}
