/** Every address of the portal's own pages, so that a link can't point at a page that isn't there. */
export const routes = {
  dashboard: "/",
  newDeployment: "/deployments/new",
  deployment: (id: string) => `/deployments/${encodeURIComponent(id)}`,
  activity: (id: string) => `/deployments/${encodeURIComponent(id)}/activity`,
  test: (id: string) => `/deployments/${encodeURIComponent(id)}/test`,
  settings: (id: string) => `/deployments/${encodeURIComponent(id)}/settings`,
  targets: "/targets",
  newTarget: "/targets/new",
  newProject: "/targets/new/google",
  target: (id: string) => `/targets/${encodeURIComponent(id)}`,
  people: "/people",
  account: "/account",
  signIn: "/sign-in",
  signInLink: (token: string) => `/sign-in/link/${encodeURIComponent(token)}`,
} as const;

/** The API's addresses that pages call from the browser. */
export const apiRoutes = {
  changes: "/api/changes",
  health: "/api/health",
  signOut: "/api/auth/sign-out",
  archives: (name: string) => `/api/v1/archives?name=${encodeURIComponent(name)}`,
  archive: (id: string) => `/api/v1/archives/${encodeURIComponent(id)}`,
  call: (deploymentId: string) => `/api/v1/deployments/${encodeURIComponent(deploymentId)}/call`,
  requests: (deploymentId: string) => `/api/v1/deployments/${encodeURIComponent(deploymentId)}/requests`,
  events: (operationId: string, after: number) =>
    `/api/v1/operations/${encodeURIComponent(operationId)}/events?after=${after}`,
} as const;
