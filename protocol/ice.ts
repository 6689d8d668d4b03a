import { z } from 'zod';
import { SightlineError } from './errors.ts';
import type { Problem } from './problem.ts';

/** Media type of the body of `PATCH /sessions/:id` (RFC 8840, section 9). */
export const SDP_FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** Candidates that one session takes from its client, those of the offer and of every restart among them. */
export const MAX_CANDIDATES = 64;
const MAX_SECTIONS = 16;

/** One media section of an SDP fragment, or one media section's side of an ICE session. */
const iceSectionSchema = z.object({
  mid: z.string().regex(/^[!-~]{1,64}$/),
  /** `ice-char` of RFC 8839, section 5.4; the lengths are of the same place. */
  ufrag: z.string().regex(/^[A-Za-z0-9+/]{4,256}$/),
  password: z.string().regex(/^[A-Za-z0-9+/]{22,256}$/),
  /** What stands after `a=candidate:`. */
  candidates: z.array(
    z
      .string()
      .regex(/^[A-Za-z0-9+/]{1,32} \d{1,3} \S{1,8} \d{1,10} \S{1,255} \d{1,5} typ \S{1,16}( .{0,200})?$/),
  ),
  /** No candidate will follow. */
  complete: z.boolean(),
});
export type IceSection = z.infer<typeof iceSectionSchema>;

/** A STUN or TURN server: RTCIceServer of W3C webrtc-pc, section 4.2.4, with its addresses always in a list. */
export const iceServerSchema = z.object({
  urls: z
    .union([z.string(), z.array(z.string()).min(1).max(8)])
    .transform((urls) => (typeof urls === 'string' ? [urls] : urls))
    .pipe(
      z.array(z.string().regex(/^(stuns?|turns?):[^\s,]+$/i, 'stun:, stuns:, turn: or turns: and a host')),
    ),
  username: z.string().max(512).optional(),
  credential: z.string().max(512).optional(),
});
export type IceServer = z.infer<typeof iceServerSchema>;

/** Answer to `GET /ice-servers`: STUN and TURN servers for the client's own RTCPeerConnection. */
export const iceServersSchema = z.object({ iceServers: z.array(iceServerSchema) });

const sectionsSchema = z.array(iceSectionSchema).min(1).max(MAX_SECTIONS);

/** signaling → peer: what a `PATCH /sessions/:id` carried. A section with another ufrag restarts ICE. */
export const icePatchSchema = z.object({
  sessionId: z.string().min(1),
  /** The entity tags of If-Match without their quotes; `*` matches every ICE session. */
  ifMatch: z.array(z.string()),
  sections: sectionsSchema,
});
export type IcePatch = z.infer<typeof icePatchSchema>;

/** What came of it. */
export const icePatchedSchema = z.object({
  /** Names the ICE session from now on. */
  iceSession: z.string().min(1),
  /** The server's own side after a restart; null where candidates were added only. */
  restarted: sectionsSchema.nullable(),
});
export type IcePatched = z.infer<typeof icePatchedSchema>;

/**
 * Reads an SDP fragment (RFC 8840, section 4.4): `a=ice-ufrag` and `a=ice-pwd`, for all or in each section, and a
 * pseudo m= line with `a=mid` for each section. Lines that it does not know are left alone.
 *
 * @throws SightlineError `fragment-invalid`
 */
export function parseFragment(text: string): IceSection[] {
  const parts = text.split(/^(?=m=)/m);
  const common = readLines(parts.filter((part) => !part.startsWith('m=')).join(''));
  const own = parts.filter((part) => part.startsWith('m=')).map(readLines);
  const sections = own.map((lines) => ({
    mid: lines.mid,
    ufrag: lines.ufrag ?? common.ufrag,
    password: lines.password ?? common.password,
    candidates: lines.candidates,
    complete: lines.complete || common.complete,
  }));
  const parsed = sectionsSchema.safeParse(sections);
  if (parsed.success) return parsed.data;
  throw new SightlineError(
    'fragment-invalid',
    `Cannot use the SDP fragment: ${faultOf(parsed.error, sections)}`,
  );
}

/** Writes an SDP fragment as {@link parseFragment} reads it. */
export function formatFragment(sections: readonly IceSection[]): string {
  const lines = sections.flatMap(({ mid, ufrag, password, candidates, complete }) => [
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    `a=mid:${mid}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    ...candidates.map((candidate) => `a=candidate:${candidate}`),
    ...(complete ? ['a=end-of-candidates'] : []),
  ]);
  return lines.map((line) => `${line}\r\n`).join('');
}

interface Lines {
  readonly mid: string | undefined;
  readonly ufrag: string | undefined;
  readonly password: string | undefined;
  readonly candidates: string[];
  readonly complete: boolean;
}

function readLines(text: string): Lines {
  const lines = text.split(/\r?\n/);
  const values = (name: string) =>
    lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3));
  return {
    mid: values('mid')[0],
    ufrag: values('ice-ufrag')[0],
    password: values('ice-pwd')[0],
    candidates: values('candidate'),
    complete: lines.includes('a=end-of-candidates'),
  };
}

function faultOf(error: z.ZodError, sections: readonly unknown[]): string {
  if (sections.length === 0) return 'expected at least one m= line, found 0';
  if (sections.length > MAX_SECTIONS)
    return `expected at most ${MAX_SECTIONS} m= lines, found ${sections.length}`;
  const names: Record<string, string> = {
    mid: 'a=mid',
    ufrag: 'a=ice-ufrag of 4 to 256 characters',
    password: 'a=ice-pwd of 22 to 256 characters',
    candidates: 'a=candidate lines as RFC 8839 writes them',
  };
  const [section, field] = error.issues[0]?.path ?? [];
  return `expected ${names[String(field)] ?? 'what RFC 8840 describes'}, section ${Number(section) + 1} has none or another`;
}

/** One cause of a connection that did not come up or was lost. */
export const diagnosisSchema = z.object({
  /** Stable, for programs. */
  code: z.enum([
    'path-lost',
    'dtls-failed',
    'dtls-timeout',
    'ice-wrong-credentials',
    'ice-no-address',
    'ice-loopback-only',
    'ice-no-request',
    'ice-no-response',
    'ice-not-nominated',
    'ice-no-candidates',
    'mdns-unresolved',
  ]),
  /** For people; a sentence without its full stop. */
  text: z.string(),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

/** socket.io namespace that clients may use in place of `PATCH /sessions/:id`. */
export const CALLS_NAMESPACE = '/calls';

/** client → signaling: candidates or a restart, as an SDP fragment. */
export const iceCallSchema = z.object({
  sessionId: z.string().min(1).max(128),
  /** `iceSession` of the answer or of the newest restart; `*` to restart. */
  ifMatch: z.string().max(4096),
  fragment: z.string().max(65_536),
});
export type IceCall = z.infer<typeof iceCallSchema>;

/** Its acknowledgement: the ICE session from now on, and the server's fragment after a restart. */
export const iceChangeSchema = z.object({ iceSession: z.string(), fragment: z.string().nullable() });
export type IceChange = Readonly<z.infer<typeof iceChangeSchema>>;

type IceReply = { ok: true; value: IceChange } | { ok: false; problem: Problem };

/** Events that a client sends on {@link CALLS_NAMESPACE}. */
export interface CallsToSignaling {
  ice: (call: IceCall, reply: (reply: IceReply) => void) => void;
}
