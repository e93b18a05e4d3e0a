import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { openFront } from "#e2e/cloud/controller/front.ts";
import { Permissions } from "#e2e/cloud/google/permissions.ts";
import { realClock } from "#e2e/cloud/google/model-clock.ts";
import { Tokens } from "#e2e/cloud/google/tokens.ts";
import { takeQuietPort } from "#e2e/portal/take-port.ts";

test("it closes though somebody is in the middle of a handshake, whose connection ends too", async () => {
  const { port, release } = await takeQuietPort();
  await release();
  const front = await openFront({
    cluster: { project: "p", location: "us-central1-a", name: "c" },
    address: "127.0.0.1",
    port,
    model: { tokens: new Tokens(realClock, () => "http://127.0.0.1"), permissions: new Permissions() },
    admin: { url: "https://127.0.0.1:1", token: "" },
  });
  const caller = connect(port, "127.0.0.1");
  await once(caller, "connect");
  // The beginning of a TLS record: a handshake that goes no further.
  caller.write(Buffer.from([0x16, 0x03, 0x01]));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const ended = once(caller, "close");
  caller.resume().on("error", () => undefined);
  await front.close();
  await ended;
  expect(caller.destroyed).toBe(true);
});
