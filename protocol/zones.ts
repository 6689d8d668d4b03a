import { z } from 'zod';
import { SightlineError } from './errors.ts';
import { areaOf, findTouchingEdges } from './polygon.ts';

/** Zones and lines that one session may have. */
const MAX_ZONES = 32;
/** The least area of a polygon and the least length of a line, in fractions of the frame: about two pixels across. */
const MIN_AREA = 1e-6;
const MIN_LENGTH = 1e-3;
/** Faults that an error names; the rest is counted. */
const MAX_FAULTS = 3;

const coordinateSchema = z.number().min(-0.5).max(1.5);
/** In fractions of the frame, origin top left; it may lie half a frame outside. */
const pointSchema = z.strictObject({ x: coordinateSchema, y: coordinateSchema });

const common = {
  /** Names it in events and counts; no two of a session are the same. */
  id: z.string().min(1).max(64),
  /** Labels that count; all when left out. */
  classes: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
};

const polygonSchema = z.strictObject({
  ...common,
  kind: z.literal('polygon'),
  /** The corners in order, either way round; the last is joined to the first. */
  points: z.array(pointSchema).min(3).max(64),
  /** How long something must stay until a `dwell` event tells of it; none does when left out. */
  dwellSeconds: z.number().min(0.1).max(86_400).optional(),
});
export type PolygonZone = z.infer<typeof polygonSchema>;

const lineSchema = z.strictObject({
  ...common,
  kind: z.literal('line'),
  from: pointSchema,
  /** Who looks from `from` to `to` in the picture has the left on the left: left to right is `forward`. */
  to: pointSchema,
});
export type LineZone = z.infer<typeof lineSchema>;

const zoneSchema = z.discriminatedUnion('kind', [polygonSchema, lineSchema]);
/** Their shape; {@link parseZones} looks at more. */
export const zonesSchema = z.array(zoneSchema).max(MAX_ZONES);

/** A polygon that things are in or not, or a line that they cross. */
type Zone = z.infer<typeof zoneSchema>;
/** What one session watches. */
export type Zones = readonly Zone[];

/**
 * Reads the zones and lines of a session; an empty list watches nothing.
 *
 * @throws SightlineError `zone-invalid`, which names the first zones that are wrong, and how
 */
export function parseZones(input: unknown): Zones {
  const parsed = zonesSchema.safeParse(input);
  const faults = parsed.success
    ? parsed.data.flatMap((zone, at) => faultsOf(zone, at, parsed.data))
    : parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'zones'}: ${message}`);
  if (parsed.success && faults.length === 0) return parsed.data;
  const more = faults.length > MAX_FAULTS ? `; and ${faults.length - MAX_FAULTS} more` : '';
  throw new SightlineError(
    'zone-invalid',
    `Cannot set the zones: ${faults.slice(0, MAX_FAULTS).join('; ')}${more}`,
  );
}

function faultsOf(zone: Zone, at: number, zones: Zones): string[] {
  const name = `[${at}] ${JSON.stringify(zone.id)}`;
  const first = zones.findIndex(({ id }) => id === zone.id);
  const twice = first < at ? [`${name}: expected an id of its own, found that of [${first}]`] : [];
  const shape = zone.kind === 'polygon' ? polygonFault(zone) : lineFault(zone);
  return shape === undefined ? twice : [...twice, `${name}: ${shape}`];
}

function polygonFault({ points }: PolygonZone): string | undefined {
  const edges = findTouchingEdges(points);
  if (edges !== undefined) {
    return `expected edges that neither cross nor touch, found those that begin at points ${edges.join(' and ')}`;
  }
  const area = areaOf(points);
  return area < MIN_AREA ? `expected an area of at least ${MIN_AREA}, found ${area}` : undefined;
}

function lineFault({ from, to }: LineZone): string | undefined {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  return length < MIN_LENGTH ? `expected a length of at least ${MIN_LENGTH}, found ${length}` : undefined;
}
