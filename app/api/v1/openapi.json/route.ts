import * as apiKeys from "#app/api/v1/api-keys/route.ts";
import * as apiKeysKeyId from "#app/api/v1/api-keys/[keyId]/route.ts";
import * as archives from "#app/api/v1/archives/route.ts";
import * as archivesArchiveId from "#app/api/v1/archives/[archiveId]/route.ts";
import * as deployments from "#app/api/v1/deployments/route.ts";
import * as deploymentsIdOrName from "#app/api/v1/deployments/[idOrName]/route.ts";
import * as deploymentsIdOrNameCall from "#app/api/v1/deployments/[idOrName]/call/route.ts";
import * as deploymentsIdOrNameDrift from "#app/api/v1/deployments/[idOrName]/drift/route.ts";
import * as deploymentsIdOrNameForget from "#app/api/v1/deployments/[idOrName]/forget/route.ts";
import * as deploymentsIdOrNameKeys from "#app/api/v1/deployments/[idOrName]/keys/route.ts";
import * as deploymentsIdOrNameKeysKeyId from "#app/api/v1/deployments/[idOrName]/keys/[keyId]/route.ts";
import * as deploymentsIdOrNameLogs from "#app/api/v1/deployments/[idOrName]/logs/route.ts";
import * as deploymentsIdOrNameOperations from "#app/api/v1/deployments/[idOrName]/operations/route.ts";
import * as deploymentsIdOrNameRepair from "#app/api/v1/deployments/[idOrName]/repair/route.ts";
import * as deploymentsIdOrNameReplicas from "#app/api/v1/deployments/[idOrName]/replicas/route.ts";
import * as deploymentsIdOrNameRequests from "#app/api/v1/deployments/[idOrName]/requests/route.ts";
import * as deploymentsIdOrNameRetry from "#app/api/v1/deployments/[idOrName]/retry/route.ts";
import * as deploymentsIdOrNameSamples from "#app/api/v1/deployments/[idOrName]/samples/route.ts";
import * as deploymentsIdOrNameScaleSteps from "#app/api/v1/deployments/[idOrName]/scale-steps/route.ts";
import * as jobsJobId from "#app/api/v1/jobs/[jobId]/route.ts";
import * as models from "#app/api/v1/models/route.ts";
import * as operationsId from "#app/api/v1/operations/[id]/route.ts";
import * as operationsIdCancel from "#app/api/v1/operations/[id]/cancel/route.ts";
import * as operationsIdEvents from "#app/api/v1/operations/[id]/events/route.ts";
import * as people from "#app/api/v1/people/route.ts";
import * as peoplePersonIdDisable from "#app/api/v1/people/[personId]/disable/route.ts";
import * as peoplePersonIdEnable from "#app/api/v1/people/[personId]/enable/route.ts";
import * as peopleInvitations from "#app/api/v1/people/invitations/route.ts";
import * as peopleInvitationsInvitationId from "#app/api/v1/people/invitations/[invitationId]/route.ts";
import * as previews from "#app/api/v1/previews/route.ts";
import * as targets from "#app/api/v1/targets/route.ts";
import * as targetsName from "#app/api/v1/targets/[name]/route.ts";
import * as targetsNameCheck from "#app/api/v1/targets/[name]/check/route.ts";
import { apiHeaders } from "#lib/web/api-headers.ts";
import { buildOpenApi } from "#lib/web/openapi.ts";
import { otherMethods } from "#lib/web/other-methods.ts";
import packageJson from "../../../../package.json" with { type: "json" };

const document = buildOpenApi(
  {
    "/api-keys": apiKeys,
    "/api-keys/{keyId}": apiKeysKeyId,
    "/archives": archives,
    "/archives/{archiveId}": archivesArchiveId,
    "/deployments": deployments,
    "/deployments/{idOrName}": deploymentsIdOrName,
    "/deployments/{idOrName}/call": deploymentsIdOrNameCall,
    "/deployments/{idOrName}/drift": deploymentsIdOrNameDrift,
    "/deployments/{idOrName}/forget": deploymentsIdOrNameForget,
    "/deployments/{idOrName}/keys": deploymentsIdOrNameKeys,
    "/deployments/{idOrName}/keys/{keyId}": deploymentsIdOrNameKeysKeyId,
    "/deployments/{idOrName}/logs": deploymentsIdOrNameLogs,
    "/deployments/{idOrName}/operations": deploymentsIdOrNameOperations,
    "/deployments/{idOrName}/repair": deploymentsIdOrNameRepair,
    "/deployments/{idOrName}/replicas": deploymentsIdOrNameReplicas,
    "/deployments/{idOrName}/requests": deploymentsIdOrNameRequests,
    "/deployments/{idOrName}/retry": deploymentsIdOrNameRetry,
    "/deployments/{idOrName}/samples": deploymentsIdOrNameSamples,
    "/deployments/{idOrName}/scale-steps": deploymentsIdOrNameScaleSteps,
    "/jobs/{jobId}": jobsJobId,
    "/models": models,
    "/operations/{id}": operationsId,
    "/operations/{id}/cancel": operationsIdCancel,
    "/operations/{id}/events": operationsIdEvents,
    "/people": people,
    "/people/{personId}/disable": peoplePersonIdDisable,
    "/people/{personId}/enable": peoplePersonIdEnable,
    "/people/invitations": peopleInvitations,
    "/people/invitations/{invitationId}": peopleInvitationsInvitationId,
    "/previews": previews,
    "/targets": targets,
    "/targets/{name}": targetsName,
    "/targets/{name}/check": targetsNameCheck,
  },
  packageJson.version,
);

/** Needs no key: it says what there is, not what is in it. */
export function GET(): Response {
  return Response.json(document, { headers: apiHeaders });
}

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
