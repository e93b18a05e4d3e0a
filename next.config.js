const publicUrl = process.env.SLUICE_URL;

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `npm test`; a start only needs the pages.
  typescript: { ignoreBuildErrors: true },
  // `npm run dev` is reached by both loopback names.
  allowedDevOrigins: ["localhost", "127.0.0.1"],
  experimental: {
    // Behind a proxy that changes the Host header, a form's origin is the public address.
    serverActions: { allowedOrigins: publicUrl ? [new URL(publicUrl).host] : [] },
  },
};
