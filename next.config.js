const publicUrl = process.env.SLUICE_URL;

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // A page's title comes with its first bytes, not streamed after: whoever listens to a page hears it first.
  htmlLimitedBots: /.*/,
  // Types are checked by `npm test`; a start only needs the pages.
  typescript: { ignoreBuildErrors: true },
  // In development Next would log what is sent to an action: kubeconfigs, keys, passwords.
  logging: { serverFunctions: false },
  // `npm run dev` is reached by both loopback names.
  allowedDevOrigins: ["localhost", "127.0.0.1"],
  experimental: {
    // Behind a proxy that changes the Host header, a form's origin is the public address.
    serverActions: { allowedOrigins: publicUrl ? [new URL(publicUrl).host] : [] },
  },
};
