import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { SightlineError } from '../protocol/errors.ts';
import { executionProviders } from '../protocol/models.ts';
import type { CodecChoice } from './codec/load-codecs.ts';
import type { Backend } from './inference/placement.ts';
import type { SourceRules } from './sources/source-policy.ts';
import type { IceSettings } from './transport/ice-settings.ts';
import { MediaPorts, type PortBlock } from './transport/media-ports.ts';

const SOURCE_SCHEMES = ['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https'];

/** A list in one variable: comma-separated, blanks ignored. */
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** `40000-40100`, both ends among them. */
const portsSchema = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'expected a range such as 40000-40100')
  .transform((value): PortBlock => {
    const [first = 0, last = 0] = value.split('-').map(Number);
    return [first, last];
  })
  .refine(
    ([first, last]) => first >= 1024 && last <= 65_535 && first <= last,
    'expected ports from 1024 to 65535',
  );

const variablesSchema = z.object({
  /** Address of signaling. */
  SIGHTLINE_SIGNALING_URL: z.url(),
  /** The secret that signaling expects of its peers. */
  SIGHTLINE_PEER_TOKEN: z.string().min(1),
  /** Begins the ids of this peer's sessions. */
  SIGHTLINE_PEER_ID: z.string().regex(/^[a-z0-9]{1,32}$/, 'expected 1 to 32 of a-z and 0-9'),
  SIGHTLINE_MAX_SESSIONS: z.coerce.number().int().positive().default(8),
  /** Those who may watch the sessions of this peer at the same time. */
  SIGHTLINE_MAX_VIEWERS: z.coerce.number().int().min(0).max(10_000).default(64),
  /** A folder of weights, looked in before anything else. */
  SIGHTLINE_MODELS_DIR: z.string().min(1).optional(),
  SIGHTLINE_CACHE_DIR: z.string().min(1).optional(),
  /** Catalogue id of the default model. */
  SIGHTLINE_MODEL: z.string().min(1).optional(),
  /** Addresses that UDP sockets are bound to and offered at. */
  SIGHTLINE_MEDIA_ADDRESSES: list
    .refine(
      (addresses) => addresses.length > 0 && addresses.every((address) => isIP(address) > 0),
      'expected IP addresses',
    )
    .default(['127.0.0.1']),
  /** Offered in their place, where a router or a container host forwards its ports to them. */
  SIGHTLINE_MEDIA_PUBLIC_ADDRESS: z
    .string()
    .refine((address) => isIP(address) > 0, 'expected an IP address')
    .optional(),
  /** UDP ports of media, and TCP ports where TCP is on. */
  SIGHTLINE_MEDIA_PORTS: portsSchema.optional(),
  /** Takes media over TCP as well. */
  SIGHTLINE_MEDIA_TCP: z.enum(['0', '1']).default('0'),
  /** Bits a second that one camera may send, and one annotated track may take. */
  SIGHTLINE_MAX_BITRATE: z.coerce.number().int().min(100_000).max(50_000_000).default(2_500_000),
  /** What decodes and encodes: FFmpeg in this process (node-av), or a process of its own for each track. */
  SIGHTLINE_CODEC: z.enum(['auto', 'node-av', 'ffmpeg']).default('auto'),
  /** The ffmpeg program for the latter. */
  FFMPEG_PATH: z.string().min(1).optional(),
  SIGHTLINE_INFERENCE_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  SIGHTLINE_INFERENCE_THREADS: z.coerce.number().int().min(1).max(64).default(1),
  /** What of ONNX Runtime runs the models; the processor where it is not there. */
  SIGHTLINE_EXECUTION_PROVIDER: z.enum(executionProviders).default('cpu'),
  /** An inference server (Open Inference Protocol v2) that runs the models while it can. */
  SIGHTLINE_KSERVE_URL: z.url({ protocol: /^(https?|grpcs?)$/ }).optional(),
  /** For one run on it, retries included. */
  SIGHTLINE_KSERVE_TIMEOUT_MS: z.coerce.number().int().min(10).max(10_000).default(300),
  /** Where recordings are kept; nothing is recorded where that is not said. */
  SIGHTLINE_RECORDINGS_DIR: z.string().min(1).optional(),
  /** Of all recordings together; the oldest give way. */
  SIGHTLINE_RECORDINGS_MAX_BYTES: z.coerce.number().int().min(1_000_000).optional(),
  /** Where this peer serves HTTP to signaling: an address of this machine that signaling reaches. */
  SIGHTLINE_DOOR_HOST: z
    .string()
    .refine((host) => isIP(host) > 0, 'expected an IP address')
    .default('127.0.0.1'),
  /** 0 takes any free port. */
  SIGHTLINE_DOOR_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Under which signaling reaches it, where that is another address. */
  SIGHTLINE_DOOR_URL: z.url({ protocol: /^http$/ }).optional(),
  /** Schemes of the sources that callers may name. */
  SIGHTLINE_SOURCE_SCHEMES: list
    .refine(
      (schemes) => schemes.every((scheme) => SOURCE_SCHEMES.includes(scheme)),
      `expected some of ${SOURCE_SCHEMES.join(', ')}`,
    )
    .default(SOURCE_SCHEMES),
  /** Their hosts, `*.example` for all below one; every public host where left out. */
  SIGHTLINE_SOURCE_HOSTS: list.default([]),
  /** Lets callers name hosts of private networks and of this machine. */
  SIGHTLINE_SOURCE_PRIVATE: z.enum(['0', '1']).default('0'),
  /** The folder that callers may name files of. */
  SIGHTLINE_SOURCE_DIR: z
    .string()
    .refine((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory(), 'expected a folder')
    .optional(),
  SIGHTLINE_CONNECT_TIMEOUT_MS: z.coerce.number().int().min(1000).default(20_000),
  SIGHTLINE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
});

const environmentSchema = variablesSchema.refine(
  ({ SIGHTLINE_DOOR_HOST: host, SIGHTLINE_DOOR_URL: url }) =>
    url !== undefined || (host !== '0.0.0.0' && host !== '::'),
  {
    path: ['SIGHTLINE_DOOR_URL'],
    error:
      'expected the address under which signaling reaches this peer, since SIGHTLINE_DOOR_HOST names none',
  },
);

export interface PeerConfig {
  readonly signalingUrl: string;
  readonly token: string;
  readonly peerId: string;
  readonly maxSessions: number;
  readonly maxViewers: number;
  readonly modelsDir: string | undefined;
  readonly cacheDir: string;
  readonly model: string | undefined;
  /** How calls reach the network, before any STUN and TURN servers. */
  readonly ice: IceSettings;
  readonly maxBitrate: number;
  readonly codec: CodecChoice;
  readonly inferenceWorkers: number;
  readonly inferenceThreads: number;
  readonly inferenceBackend: Backend;
  /** Where recordings are kept, if anything is to be recorded, and the bytes of all of them at most. */
  readonly recordings: { readonly directory: string | undefined; readonly maxBytes: number };
  /** Where HTTP is served to signaling, and under which address it is told of, where that is another one. */
  readonly door: { readonly host: string; readonly port: number; readonly url: string | undefined };
  /** What callers may have read. */
  readonly sources: SourceRules;
  readonly connectTimeoutMs: number;
  readonly logLevel: string;
}

/**
 * The only reader of the environment in the media peer.
 * @param defaultCacheDir where weights are kept when SIGHTLINE_CACHE_DIR says nothing
 * @throws SightlineError `config-invalid`, which names every variable that is wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv, defaultCacheDir: string): PeerConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SightlineError('config-invalid', `Cannot start the media peer: ${faults.join('; ')}`);
  }
  const env = parsed.data;
  return Object.freeze({
    signalingUrl: env.SIGHTLINE_SIGNALING_URL,
    token: env.SIGHTLINE_PEER_TOKEN,
    peerId: env.SIGHTLINE_PEER_ID,
    maxSessions: env.SIGHTLINE_MAX_SESSIONS,
    maxViewers: env.SIGHTLINE_MAX_VIEWERS,
    modelsDir: env.SIGHTLINE_MODELS_DIR,
    cacheDir: env.SIGHTLINE_CACHE_DIR ?? defaultCacheDir,
    model: env.SIGHTLINE_MODEL,
    ice: Object.freeze({
      addresses: env.SIGHTLINE_MEDIA_ADDRESSES,
      publicAddress: env.SIGHTLINE_MEDIA_PUBLIC_ADDRESS,
      ports: env.SIGHTLINE_MEDIA_PORTS && new MediaPorts(env.SIGHTLINE_MEDIA_PORTS),
      tcp: env.SIGHTLINE_MEDIA_TCP === '1',
      servers: [],
    }),
    maxBitrate: env.SIGHTLINE_MAX_BITRATE,
    codec: Object.freeze({ preference: env.SIGHTLINE_CODEC, ffmpegPath: env.FFMPEG_PATH }),
    inferenceWorkers: env.SIGHTLINE_INFERENCE_WORKERS,
    inferenceThreads: env.SIGHTLINE_INFERENCE_THREADS,
    inferenceBackend: Object.freeze({
      provider: env.SIGHTLINE_EXECUTION_PROVIDER,
      kserve:
        env.SIGHTLINE_KSERVE_URL === undefined
          ? undefined
          : { url: env.SIGHTLINE_KSERVE_URL, timeoutMs: env.SIGHTLINE_KSERVE_TIMEOUT_MS },
    }),
    recordings: Object.freeze({
      directory: env.SIGHTLINE_RECORDINGS_DIR,
      maxBytes: env.SIGHTLINE_RECORDINGS_MAX_BYTES ?? Number.POSITIVE_INFINITY,
    }),
    door: Object.freeze({
      host: env.SIGHTLINE_DOOR_HOST,
      port: env.SIGHTLINE_DOOR_PORT,
      url: env.SIGHTLINE_DOOR_URL,
    }),
    sources: Object.freeze({
      schemes: env.SIGHTLINE_SOURCE_SCHEMES,
      hosts: env.SIGHTLINE_SOURCE_HOSTS,
      privateHosts: env.SIGHTLINE_SOURCE_PRIVATE === '1',
      directory: env.SIGHTLINE_SOURCE_DIR,
    }),
    connectTimeoutMs: env.SIGHTLINE_CONNECT_TIMEOUT_MS,
    logLevel: env.SIGHTLINE_LOG_LEVEL,
  });
}
