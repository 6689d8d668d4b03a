import type { Zones } from '../../protocol/zones.ts';

export type Zone = Zones[number];
export type ZoneKind = Zone['kind'];

/** In fractions of the frame, origin top left. */
export interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Corners nearer than this are one: the second click of a double click adds none. In fractions of the frame. */
const SAME = 0.008;
/** A click so near to the first corner closes a polygon. */
const CLOSES = 0.025;
/** Corners that the protocol lets a polygon have. */
const MAX_CORNERS = 64;

/** A zone while it is drawn, corner by corner. */
export class ZoneDraft {
  readonly kind: ZoneKind;
  readonly corners: Corner[] = [];

  constructor(kind: ZoneKind) {
    this.kind = kind;
  }

  /** @returns whether the zone is whole by this: a line with its second corner, a polygon back at its first */
  add(corner: Corner): boolean {
    const [first] = this.corners;
    const last = this.corners.at(-1);
    if (last && apart(last, corner) < SAME) return false;
    if (this.kind === 'polygon' && this.#enough && first && apart(first, corner) < CLOSES) return true;
    if (this.corners.length < MAX_CORNERS) this.corners.push(corner);
    return this.kind === 'line' && this.#enough;
  }

  undo(): void {
    this.corners.pop();
  }

  /** The zone; null while it has too few corners. */
  finish(id: string): Zone | null {
    if (!this.#enough) return null;
    const [from, to] = this.corners;
    if (this.kind === 'polygon') return { id, kind: 'polygon', points: [...this.corners] };
    return from && to ? { id, kind: 'line', from, to } : null;
  }

  get #enough(): boolean {
    return this.corners.length >= (this.kind === 'polygon' ? 3 : 2);
  }
}

/** The first free name: `Zone 1`, `Line 2`. */
export function freeName(kind: ZoneKind, zones: Zones): string {
  const taken = new Set(zones.map(({ id }) => id));
  for (let number = 1; ; number += 1) {
    const name = `${kind === 'polygon' ? 'Zone' : 'Line'} ${number}`;
    if (!taken.has(name)) return name;
  }
}

export function cornersOf(zone: Zone): readonly Corner[] {
  return zone.kind === 'polygon' ? zone.points : [zone.from, zone.to];
}

function apart(a: Corner, b: Corner): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
