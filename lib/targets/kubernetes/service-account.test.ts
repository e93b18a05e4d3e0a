import { parse, parseAllDocuments } from "yaml";
import { expect, test } from "vitest";
import { rights } from "#lib/targets/kubernetes/rights.ts";
import {
  kubeconfigCommand,
  roleRules,
  serviceAccountManifest,
} from "#lib/targets/kubernetes/service-account.ts";

type Manifest = { kind: string; metadata: { name: string; namespace?: string }; rules?: unknown };
const objects = parseAllDocuments(serviceAccountManifest()).map((one) => one.toJS() as Manifest);

test("the role to paste gives every right that a check asks for, and no other", () => {
  const given = roleRules().flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${group} ${resource} ${verb}`)),
    ),
  );
  const asked = rights.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${group} ${resource} ${verb}`),
  );
  expect(given.toSorted()).toEqual(asked.toSorted());
  expect(new Set(given).size).toBe(given.length);
  expect(given.join()).not.toContain("*");
  expect(objects.find(({ kind }) => kind === "ClusterRole")?.rules).toEqual(roleRules());
});

test("what is to be pasted is a namespace, an account, its token, the role and the binding, in this order", () => {
  expect(objects.map(({ kind }) => kind)).toEqual([
    "Namespace",
    "ServiceAccount",
    "Secret",
    "ClusterRole",
    "ClusterRoleBinding",
  ]);
});

test("the kubeconfig that the commands print runs no program and reads no file", () => {
  const [, printed] = /<<END\n([\s\S]*)\nEND$/.exec(kubeconfigCommand) ?? [];
  const kubeconfig = parse(printed ?? "") as { users: { user: object }[]; clusters: { cluster: object }[] };
  expect(kubeconfig.users[0]!.user).toEqual({ token: "$TOKEN" });
  expect(Object.keys(kubeconfig.clusters[0]!.cluster)).toEqual(["server", "certificate-authority-data"]);
});
