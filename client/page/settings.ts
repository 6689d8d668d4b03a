import type { LiveSettings, Output } from '../../protocol/session.ts';
import type { Effects, Sync } from '../../protocol/tasks.ts';
import type { Zones } from '../../protocol/zones.ts';
import { Emitter } from '../sdk/emitter.ts';

/** Frames a second that are looked at where each is to have its own result. */
const EVERY_FRAME = 30;

/** What the person has chosen. */
export interface Choices {
  /** The server's default when left out. */
  readonly model: string | undefined;
  /** The model's own when left out. */
  readonly threshold: number | undefined;
  /** Labels to look for; all when empty. */
  readonly classes: readonly string[];
  readonly faces: NonNullable<Effects['faces']>;
  readonly background: NonNullable<Effects['background']>;
  readonly sync: Sync;
  readonly output: Output;
  readonly zones: Zones;
}

const FIRST: Choices = {
  model: undefined,
  threshold: undefined,
  classes: [],
  faces: 'off',
  background: 'off',
  sync: 'live',
  output: 'annotated',
  zones: [],
};

/** What the settings tell. */
interface SettingsEvents {
  /** Some of it is another now. */
  change: [Choices];
}

/** The settings of the page: they outlive a call, and the next one begins with them. */
export class Settings extends Emitter<SettingsEvents> {
  #choices = FIRST;

  get choices(): Choices {
    return this.#choices;
  }

  change(changes: Partial<Choices>): void {
    this.#choices = { ...this.#choices, ...changes };
    this.emit('change', this.#choices);
  }

  /** Another model begins with a threshold and classes of its own. */
  chooseModel(model: string): void {
    this.change({ model, threshold: undefined, classes: [] });
  }
}

/** Whether something in the picture is to be hidden: then the camera's own picture cannot go out. */
export function hides({ faces, background }: Choices): boolean {
  return faces !== 'off' || background !== 'off';
}

/**
 * What the server is told of a change: whole fields, so that nothing of an earlier choice stays in them, but only those
 * that differ, because zones that are set again count anew.
 */
export function wireChanges(before: Choices, after: Choices): LiveSettings {
  const known = new Map(
    Object.entries(toWire(before)).map(([field, value]) => [field, JSON.stringify(value)]),
  );
  return Object.fromEntries(
    Object.entries(toWire(after)).filter(([field, value]) => known.get(field) !== JSON.stringify(value)),
  );
}

/** What a call begins with. */
export function toWire(choices: Choices): LiveSettings {
  const { model, threshold, classes, faces, background, sync, output, zones } = choices;
  const task = {
    ...(model !== undefined && { model }),
    ...(threshold !== undefined && { threshold }),
    ...(classes.length > 0 && { classes: [...classes] }),
    // Here nobody carries boxes on from frame to frame, so as many frames as can be have results of their own.
    ...(output === 'passthrough' && { rate: EVERY_FRAME }),
  };
  return { tasks: [task], output, sync, effects: { faces, background }, zones };
}
