import type { KubernetesSettings, VariantSettings } from "#lib/targets/kubernetes/settings.ts";

export function variantSettingsForTest(change: Partial<VariantSettings> = {}): VariantSettings {
  return {
    image: "registry.example/sentiment:1",
    port: 8080,
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "256Mi" },
    gpus: 0,
    runAsRoot: false,
    targetCpuPercent: 70,
    scaleDownSeconds: 300,
    ...change,
  };
}

export function settingsForTest(change: Partial<KubernetesSettings> = {}): KubernetesSettings {
  return {
    gatewayClass: null,
    serviceType: "NodePort",
    variants: { main: variantSettingsForTest() },
    proxy: { image: "haproxy.example/haproxy:3.2", files: { "haproxy.cfg": "global\n" } },
    pullSecretFingerprint: null,
    streamLimitSeconds: 60,
    ...change,
  };
}
