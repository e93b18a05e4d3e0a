import { expect, test } from "vitest";
import { googleEndpoints } from "#infra/google/endpoints.ts";

test("each API is where Google has it, encrypted", () => {
  const { services, token } = googleEndpoints(null);
  expect(services).toEqual({
    compute: "https://compute.googleapis.com/compute/beta/",
    container: "https://container.googleapis.com/v1beta1/",
    storage: "https://storage.googleapis.com/storage/v1/",
    upload: "https://storage.googleapis.com/upload/storage/v1/",
    iam: "https://iam.googleapis.com/v1/",
    resourceManager: "https://cloudresourcemanager.googleapis.com/v1/",
    monitoring: "https://monitoring.googleapis.com/v3/",
    logging: "https://logging.googleapis.com/v2/",
    serviceUsage: "https://serviceusage.googleapis.com/v1/",
  });
  expect(token).toBe("https://oauth2.googleapis.com/token");
});

test("one server may stand for all of them, each under a path that ends in its version", () => {
  const { services, token, metadata } = googleEndpoints("http://127.0.0.1:4000");
  for (const address of Object.values(services))
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:4000\/.+\/(v\d\w*|beta)\/$/);
  expect(new Set(Object.values(services)).size).toBe(9);
  expect([token, metadata]).toEqual([
    "http://127.0.0.1:4000/token",
    "http://127.0.0.1:4000/computeMetadata/v1/",
  ]);
});

test("tokens don't go to another machine in plain text", () => {
  expect(() => googleEndpoints("http://10.0.0.1:4000")).toThrow("has to be https");
});
