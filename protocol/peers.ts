import { z } from 'zod';
import { eventSchema } from './events.ts';
import { type IcePatch, icePatchedSchema, iceServerSchema } from './ice.ts';
import { modelSummarySchema } from './models.ts';
import { problemSchema } from './problem.ts';
import {
  answerSchema,
  type CurrentSettings,
  currentSettingsSchema,
  liveSettingsSchema,
  offerSchema,
  sessionDescriptionSchema,
} from './session.ts';
import { viewOfferSchema } from './view.ts';

/**
 * What crosses the socket.io namespace `/peers`, on which media peers are clients of signaling.
 * Every call from signaling is acknowledged with a {@link Reply}; every message is validated where it arrives.
 */
export const PEERS_NAMESPACE = '/peers';

/** Handshake `auth` of a media peer. */
export const peerAuthSchema = z.object({
  token: z.string().min(1),
  /** Names the peer and begins the id of each of its sessions. */
  peerId: z.string().regex(/^[a-z0-9]{1,32}$/),
});
export type PeerAuth = z.infer<typeof peerAuthSchema>;

/** Where a media peer serves HTTP to signaling, and what it expects of it as `Authorization: Bearer`. */
const doorSchema = z.object({ url: z.url({ protocol: /^http$/ }), token: z.string().min(1) });
export type DoorAddress = z.infer<typeof doorSchema>;

/**
 * peer → signaling, once its default model is loaded: it can take calls from now on. Sent again, with all of it, when
 * another model was loaded or lost.
 */
export const registrationSchema = z.object({
  /** The whole catalogue, with what this peer has of it. */
  models: z.array(modelSummarySchema),
  maxSessions: z.int().positive(),
  /** The codec library or program in use, as `/healthz` shows it. */
  codec: z.string(),
  /** Left out where it serves none. */
  door: doorSchema.optional(),
});
export type Registration = z.infer<typeof registrationSchema>;

/** peer → signaling, once a second and after each change of the number of sessions. */
export const peerLoadSchema = z.object({
  sessions: z.int().min(0),
  /** Share of one core over the last second; may exceed 1. */
  cpu: z.number().min(0),
  /** Bytes. */
  residentMemory: z.number().min(0),
  /** Milliseconds, 99th percentile over the last second. */
  eventLoopDelayP99: z.number().min(0),
  /** Frames, codec contexts and processes of FFmpeg that are alive: 0 where no session is. */
  natives: z.int().min(0),
  /** Sockets, timers and other things that keep the event loop going. */
  handles: z.int().min(0),
  /** Runs that were meant for an inference server: what became of them. Absent where there is none. */
  remoteRuns: z
    .object({
      answered: z.int(),
      /** Done on this machine instead. */
      local: z.int(),
      retries: z.int(),
      timeouts: z.int(),
      failures: z.int(),
      invalid: z.int(),
    })
    .optional(),
});
export type PeerLoad = z.infer<typeof peerLoadSchema>;

/** signaling → peer: open a session and answer its offer. */
export const offerCallSchema = z.object({
  sessionId: z.string().min(1),
  offer: offerSchema,
  /** STUN and TURN servers that the peer is to use for itself. */
  iceServers: z.array(iceServerSchema).optional(),
});
export type OfferCall = z.infer<typeof offerCallSchema>;

/** signaling → peer: answer the offer of one who watches a session. */
export const viewCallSchema = z.object({
  /** Names the viewer, as the id of a session names that: it is closed, and its ICE changed, by it. */
  viewerId: z.string().min(1),
  sessionId: z.string().min(1),
  offer: viewOfferSchema,
  /** STUN and TURN servers that the peer is to use for itself. */
  iceServers: z.array(iceServerSchema).optional(),
});
export type ViewCall = z.infer<typeof viewCallSchema>;

/** signaling → peer: close a session, or tell how it is. */
export const sessionCallSchema = z.object({ sessionId: z.string().min(1) });
export type SessionCall = z.infer<typeof sessionCallSchema>;

/** signaling → peer: change settings of a session. */
export const configureCallSchema = z.object({ sessionId: z.string().min(1), changes: liveSettingsSchema });
type ConfigureCall = z.infer<typeof configureCallSchema>;

/** peer → signaling: a session ended, whoever ended it. */
export const sessionClosedSchema = z.object({ sessionId: z.string().min(1), reason: z.string() });
type SessionClosed = z.infer<typeof sessionClosedSchema>;

/** peer → signaling: something happened in front of the camera of a session. */
export const sessionEventSchema = z.object({ sessionId: z.string().min(1), event: eventSchema });
type SessionEvent = z.infer<typeof sessionEventSchema>;

/** Acknowledgement of a call: its result, or the problem that the caller is to be shown. */
export function replySchema<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), problem: problemSchema }),
  ]);
}
export type Reply<T> = { ok: true; value: T } | { ok: false; problem: z.infer<typeof problemSchema> };

export const answerReplySchema = replySchema(answerSchema);
export const descriptionReplySchema = replySchema(sessionDescriptionSchema);
export const icePatchedReplySchema = replySchema(icePatchedSchema);
export const configuredReplySchema = replySchema(currentSettingsSchema);
export const closedReplySchema = replySchema(z.object({}));

/** Events that a media peer sends, for socket.io's type parameters. */
export interface PeerToSignaling {
  register: (registration: Registration) => void;
  load: (load: PeerLoad) => void;
  'session-closed': (closed: SessionClosed) => void;
  'session-event': (event: SessionEvent) => void;
}

/** Calls that signaling makes on a media peer. */
export interface SignalingToPeer {
  offer: (call: OfferCall, reply: (reply: Reply<z.infer<typeof answerSchema>>) => void) => void;
  view: (call: ViewCall, reply: (reply: Reply<z.infer<typeof answerSchema>>) => void) => void;
  describe: (
    call: SessionCall,
    reply: (reply: Reply<z.infer<typeof sessionDescriptionSchema>>) => void,
  ) => void;
  configure: (call: ConfigureCall, reply: (reply: Reply<CurrentSettings>) => void) => void;
  ice: (call: IcePatch, reply: (reply: Reply<z.infer<typeof icePatchedSchema>>) => void) => void;
  close: (call: SessionCall, reply: (reply: Reply<Record<string, never>>) => void) => void;
}
