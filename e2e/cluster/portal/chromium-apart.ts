import { execFileSync, spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { joinSockets } from "#e2e/cluster/portal/join-sockets.ts";

// Runs Chromium in a network of its own, out of which a socket file leads to the portal. Where the test cluster is each
// pod that comes or goes changes the network, and Chromium then breaks off whatever it is loading.

const { SLUICE_TEST_CHROMIUM: chromium = "", SLUICE_TEST_WAY: way = "", SLUICE_TEST_URL: url } = process.env;

// With loopback alone it would take itself for offline. An address of IPv6 that the kernel gives by itself is usable two
// seconds later: that would be such a change too.
for (const command of [
  "link set lo up",
  "link add out type veth peer name far",
  "link set far addrgenmode none",
  "link set out addrgenmode none",
  "addr add 192.0.2.1/24 dev out",
  "link set far up",
  "link set out up",
])
  execFileSync("ip", command.split(" "));

createServer((near) => joinSockets(near, connect(way))).listen(
  Number(new URL(url!).port),
  "127.0.0.1",
  () => {
    // Playwright talks to it by the two files after the usual three.
    const stdio = ["inherit", "inherit", "inherit", 3, 4] as const;
    spawn(chromium, process.argv.slice(2), { stdio: [...stdio] })
      .once("error", (error) => {
        throw error;
      })
      .once("exit", (code) => process.exit(code ?? 1));
  },
);
