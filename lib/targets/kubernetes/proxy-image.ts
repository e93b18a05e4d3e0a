/**
 * HAProxy's image where a target names no other: the official one, of the branch that runs on one machine too, with
 * the digest of its index for all processors. The digest is what docker-library/repo-info has in
 * repos/haproxy/remote/2.8.29-alpine.md (commit 0ed0a0ed36758e850c095b6380c2517baff81896). It runs as user 99 and ends
 * on SIGUSR1 when it has answered what it works on; another image has to do both.
 */
export const defaultProxyImage =
  "docker.io/library/haproxy:2.8.29-alpine@sha256:beffc7b55d4fcd3207629513b9fe2c9d278505366300f872fe117efce73997f6";
