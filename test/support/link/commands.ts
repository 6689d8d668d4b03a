import type { Impairment } from './impairment.ts';
import type { DirectionStats } from './link-stats.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Towards the server, or from it. */
export type Direction = 'up' | 'down';

/** A stretch of time in Unix milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface LinkOptions {
  readonly up?: Impairment;
  readonly down?: Impairment;
  /** The same seed does the same to the same packets. */
  readonly seed?: number;
}

/** What the thread of a link is asked, and what it answers. */
export interface LinkCommands {
  relay: { input: Endpoint; output: Endpoint };
  set: { input: { direction: Direction; change: Impairment }; output: undefined };
  /** Answered when it is over. */
  outage: { input: { afterMs: number; lastsMs: number; directions: readonly Direction[] }; output: Stretch };
  stats: { input: undefined; output: Record<Direction, DirectionStats> };
  close: { input: undefined; output: undefined };
}

export type CommandName = keyof LinkCommands;

/** One question. */
export type Request = {
  [Name in CommandName]: {
    readonly id: number;
    readonly name: Name;
    readonly input: LinkCommands[Name]['input'];
  };
}[CommandName];

/** The answer to the question of the same id. */
export interface Reply {
  readonly id: number;
  readonly output?: unknown;
  readonly error?: unknown;
}
