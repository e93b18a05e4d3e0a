import { generateKeyPairSync } from "node:crypto";

/** What the keys below are made with: a real key of nobody's. */
export const { privateKey: privateKeyForTest } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** Where Google is for those who have such a key: nobody listens there. */
export const googleEndpointForTest = "http://127.0.0.1:9";

/** A service account's key as its file has it. */
export function keyForTest(change: object = {}): string {
  return JSON.stringify({
    type: "service_account",
    project_id: "demo-proj",
    private_key_id: "k1",
    private_key: privateKeyForTest,
    client_email: "sluice@demo-proj.iam.gserviceaccount.com",
    token_uri: `${googleEndpointForTest}/token`,
    ...change,
  });
}
