export type BuildOrder = {
  /** with registry and tag */
  image: string;
  /** what it is built from */
  context: string;
  /** the folder that the Dockerfile lies in */
  dockerfile: string;
  buildArgs: Record<string, string>;
};

/** A program that builds images and pushes them, by the arguments that it takes. */
export type Builder = {
  command: string;
  /** ends with 0 where it can build: some have a daemon that must be there */
  probe: string[];
  /** what builds and pushes one image, one command after the other */
  steps(order: BuildOrder): string[][];
};

/** Docker, Podman and nerdctl take the same arguments. */
const likeDocker = (command: string, probe: string[]): Builder => ({
  command,
  probe,
  steps: ({ image, context, dockerfile, buildArgs }) => [
    [
      "build",
      "--file",
      `${dockerfile}/Dockerfile`,
      ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      "--tag",
      image,
      context,
    ],
    ["push", image],
  ],
});

/** In the order in which they are tried. */
export const builders: readonly Builder[] = [
  likeDocker("docker", ["info"]),
  likeDocker("podman", ["info"]),
  likeDocker("nerdctl", ["info"]),
  {
    command: "buildctl",
    probe: ["debug", "workers"],
    steps: ({ image, context, dockerfile, buildArgs }) => [
      [
        "build",
        "--frontend=dockerfile.v0",
        "--local",
        `context=${context}`,
        "--local",
        `dockerfile=${dockerfile}`,
        ...Object.entries(buildArgs).flatMap(([name, value]) => ["--opt", `build-arg:${name}=${value}`]),
        "--output",
        `type=image,name=${image},push=true`,
      ],
    ],
  },
];
