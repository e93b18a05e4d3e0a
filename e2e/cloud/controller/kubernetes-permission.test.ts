import { expect, test } from "vitest";
import { kubernetesPermission } from "#e2e/cloud/controller/kubernetes-permission.ts";

test.each([
  ["GET", "/version", "container.clusters.connect"],
  ["GET", "/apis/apps/v1", "container.clusters.connect"],
  ["GET", "/api/v1/namespaces", "container.namespaces.list"],
  ["GET", "/api/v1/namespaces/a", "container.namespaces.get"],
  ["DELETE", "/api/v1/namespaces/a", "container.namespaces.delete"],
  ["GET", "/api/v1/pods?watch=1", "container.pods.list"],
  ["GET", "/api/v1/namespaces/a/pods", "container.pods.list"],
  ["GET", "/api/v1/namespaces/a/pods/b/log?follow=true", "container.pods.getLogs"],
  ["GET", "/api/v1/namespaces/a/pods/b/portforward?ports=1", "container.pods.portForward"],
  ["PATCH", "/apis/apps/v1/namespaces/a/deployments/b?fieldManager=x", "container.deployments.update"],
  ["POST", "/apis/policy/v1/namespaces/a/poddisruptionbudgets", "container.podDisruptionBudgets.create"],
])("%s %s needs %s", (method, target, permission) => {
  expect(kubernetesPermission(method, target)).toBe(permission);
});
