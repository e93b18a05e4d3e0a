import type { Cloud } from "#e2e/cloud/stand-in/cloud.ts";
import type { FieldTable } from "#e2e/cloud/stand-in/fields.ts";
import type { Fields } from "#e2e/stand-in/protocol.ts";

/** One piece of work for the engine. */
export type Run = {
  cloud: Cloud;
  /** of the engine's, or its time is over */
  signal: AbortSignal;
  /** of the engine's alone */
  stopping: AbortSignal;
};

/** What is kept of a thing beside its id: what the API says of it. */
export type Live = Fields;

/** What a kind of thing has of its own. */
export type Kind = {
  /** Inputs that this stand-in knows. */
  fields: FieldTable;
  /**
   * Inputs whose change means another thing, as in the plugin's own schema; `a.b` for one field within. The SDK's
   * declarations don't say it.
   */
  immovable: readonly string[];
  /** Seconds that each piece of work may take, where the program doesn't say. */
  patience: { create: number; update: number; delete: number };
  /** @throws Error where an input that it takes is missing */
  idOf(cloud: Cloud, inputs: Fields): string;
  /** The whole id, of one in any of the forms that an import may have. */
  idFrom(cloud: Cloud, text: string): string;
  /** The inputs that only the id says. */
  fromId(id: string): Fields;
  create(run: Run, inputs: Fields, id: string): Promise<Live>;
  /** null: it isn't there */
  read(run: Run, id: string, state: Fields): Promise<Live | null>;
  update(run: Run, id: string, change: Change): Promise<Live>;
  remove(run: Run, id: string, state: Fields): Promise<void>;
  /** Outputs that aren't inputs. */
  outputs(live: Live): Fields;
};

export type Change = {
  /** What the program asked for before, and asks for now. */
  before: Fields;
  inputs: Fields;
  state: Fields;
  /** Names of the inputs that differ. */
  changed: readonly string[];
};

/** It was made, but isn't what it is to be: what is there must be remembered all the same. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  readonly live: Live;

  constructor(live: Live, message: string) {
    super(message);
    this.live = live;
  }
}
