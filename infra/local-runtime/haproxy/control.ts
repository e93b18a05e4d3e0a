import { keyMapCommands, parseShownMap, type Keys } from "#infra/haproxy/key-map.ts";
import { CommandFailure } from "#infra/local-runtime/failure.ts";
import type { Folders } from "#infra/local-runtime/folders.ts";
import { ask, askMaster } from "#infra/local-runtime/haproxy/ask.ts";
import { parseOldWorkers, readStats, type BalancerStats } from "#infra/local-runtime/haproxy/stats.ts";

/** What a running HAProxy is told by its sockets, and what it tells. A server goes by `BACKEND/SERVER`. */
export class Control {
  readonly #folders: Folders;

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  /** One that is there already is fine. @throws CommandFailure `load_balancer_failed` if it is refused */
  async add(server: string, words: string): Promise<void> {
    const added = await this.#ask(`add server ${server} ${words}`);
    // One that is there already is told by its id, which goes with the name.
    const isThere = added.includes(`('server ${server.split("/")[1]}')`);
    if (added.includes("New server registered") || isThere) return;
    throw new CommandFailure("load_balancer_failed", `HAProxy refused the server ${server}: ${added}`);
  }

  /** It takes requests from now on. */
  async enable(server: string): Promise<void> {
    await this.#ask(`enable health ${server}; set server ${server} health up; enable server ${server}`);
  }

  /** It takes no new requests; what it works on goes on. */
  async disable(server: string): Promise<void> {
    await this.#askAll(`set server ${server} state maint`);
  }

  /** `false` while it still has connections. */
  async remove(server: string): Promise<boolean> {
    const answer = await this.#ask(`del server ${server}`);
    return !answer.includes("still has connections");
  }

  async setHealthy(server: string): Promise<void> {
    await this.#ask(`set server ${server} health up`);
  }

  /** Brings the map of keys in memory to what it should be: by what it holds, not by what it was told. */
  async setKeys(keyMap: string, wanted: Keys): Promise<void> {
    const known = parseShownMap(await this.#ask(`show map ${keyMap}`));
    for (const command of known ? keyMapCommands(keyMap, known, wanted) : []) await this.#askAll(command);
  }

  stats(): Promise<BalancerStats> {
    return readStats(this.#folders.adminSocket, this.#folders.masterSocket);
  }

  #ask(command: string): Promise<string> {
    return ask(this.#folders.adminSocket, command);
  }

  /** Old workers too: they finish what they have by the same rules. */
  async #askAll(command: string): Promise<void> {
    await this.#ask(command);
    const oldWorkers = parseOldWorkers(await askMaster(this.#folders.masterSocket, "show proc"));
    for (const pid of oldWorkers) await askMaster(this.#folders.masterSocket, command, pid).catch(() => "");
  }
}
