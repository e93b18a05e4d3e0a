import type { Duplex } from "node:stream";

const prompt = "\n> ";
/** A map of ten thousand keys is a megabyte. */
const mostCharacters = 8 * 1024 * 1024;

export type RuntimeSession = {
  /** @returns what HAProxy answered, without the empty lines around it. @throws Error when the connection ends */
  ask(command: string): Promise<string>;
  /** Like `ask`, but all are on their way before the first is answered: a way of its own each takes long. */
  askAll(commands: string[]): Promise<string[]>;
};

/**
 * A conversation with HAProxy's runtime API over one connection: its prompt tells where an answer ends.
 *
 * @param stream to the runtime API's port; bounded in time by whoever opened it
 */
export async function runtimeSession(stream: Duplex): Promise<RuntimeSession> {
  let unread = "";
  let ended: Error | null = null;
  let hear = () => {};
  stream.setEncoding("utf8");
  stream.on("data", (part: string) => {
    unread += part;
    hear();
  });
  const end = (error: Error) => {
    ended ??= error;
    hear();
  };
  stream.once("error", end);
  stream.once("close", () => end(new Error("HAProxy's runtime API closed the connection.")));
  stream.once("end", () => end(new Error("HAProxy's runtime API closed the connection.")));

  const askAll = async (commands: string[]): Promise<string[]> => {
    unread = "";
    let [answered, from] = [0, 0];
    stream.write(commands.map((command) => `${command}\n`).join(""));
    for (;;) {
      for (let at; (at = unread.indexOf(prompt, from)) >= 0; from = at + prompt.length) answered++;
      if (answered >= commands.length) break;
      if (ended) throw ended;
      if (unread.length > mostCharacters) throw new Error("HAProxy's runtime API answered too much.");
      await new Promise<void>((resolve) => (hear = resolve));
    }
    return unread
      .split(prompt)
      .slice(0, -1)
      .map((answer) => answer.trim());
  };
  const ask = async (command: string) => (await askAll([command]))[0]!;
  await ask("prompt");
  return { ask, askAll };
}
