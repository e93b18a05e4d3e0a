import { computeKind } from "#e2e/cloud/stand-in/compute-kind.ts";

export const managedCertificate = computeKind({
  title: "ManagedSslCertificate",
  collection: "sslCertificates",
  fields: { managed: {}, type: { standard: "MANAGED" } },
  immovable: ["description", "managed", "type"],
  outputs: ({ id, expireTime, subjectAlternativeNames }) => ({
    certificateId: Number(id),
    expireTime: expireTime ?? "",
    subjectAlternativeNames: subjectAlternativeNames ?? [],
  }),
});

export const certificate = computeKind({
  title: "SslCertificate",
  collection: "sslCertificates",
  fields: { certificate: {}, privateKey: { unseen: true } },
  immovable: ["description", "certificate", "privateKey"],
  outputs: ({ id, expireTime }) => ({ certificateId: Number(id), expireTime: expireTime ?? "" }),
});
