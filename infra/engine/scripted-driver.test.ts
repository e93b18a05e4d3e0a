import { testEngineContract } from "#infra/engine/driver-contract.ts";
import { scriptedStack, type Script } from "#infra/engine/scripted-driver.ts";
import { resourceKey } from "#lib/targets/plan.ts";

testEngineContract("the scripted engine", async (deploymentId) => {
  const script: Script = new Map();
  const stack = scriptedStack(deploymentId, script);
  return {
    stack,
    failAt: (resource, failure) => void script.set(resourceKey(resource), failure),
    waitAt: (resource) => void script.set(resourceKey(resource), "wait"),
    isWaiting: () => stack.isWaiting(),
    behaveWell: () => {
      script.clear();
      stack.release();
    },
    kill: async () => stack.kill(),
    close: async () => {},
  };
});
