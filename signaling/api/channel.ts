import type { z } from 'zod';

/** Where channels are: all that is said of them once. */
export const servers = {
  sockets: {
    host: 'localhost:8080',
    pathname: '/socket.io/',
    protocol: 'ws',
    description:
      'socket.io 4 over WebSocket alone (`transports: ["websocket"]`), with namespaces; wss behind TLS.',
  },
  http: {
    host: 'localhost:8080',
    protocol: 'http',
    description: 'The routes of openapi.json.',
  },
  websocket: {
    host: 'localhost:8080',
    protocol: 'ws',
    description:
      'WebSockets without a subprotocol; the key as `Authorization: Bearer` or `?key=`. wss behind TLS.',
  },
  peer: {
    host: 'named-by-ice-candidates',
    protocol: 'webrtc',
    description: 'Data channels (RFC 8831) of a call that began with `POST /offer`; messages are text.',
  },
} as const;

/** One channel and what crosses it: all that the AsyncAPI document says of it. */
export interface Channel {
  /** Names the channel in the document. */
  readonly id: string;
  /** Namespace, label or path. */
  readonly address: string;
  readonly server: keyof typeof servers;
  readonly title: string;
  /** CommonMark. */
  readonly description: string;
  /** Values in braces in the address, and what they mean. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly messages: readonly Message[];
}

/** One kind of message. */
export interface Message extends Payload {
  /** Of a socket.io message, the event. */
  readonly name: string;
  /** Who sends it. */
  readonly from: 'server' | 'other';
  readonly summary: string;
  /** What comes back: the acknowledgement in socket.io, a message of its own on a data channel. */
  readonly reply?: Payload;
}

interface Payload {
  /** One of `schemas.ts`. */
  readonly schema: z.ZodType;
  readonly example: unknown;
}
