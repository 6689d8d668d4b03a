import { z } from 'zod';
import { SightlineError } from '../protocol/errors.ts';

/** A list in one variable: comma-separated, blanks ignored. */
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

const environmentSchema = z.object({
  /** Address of signaling. */
  SIGHTLINE_SIGNALING_URL: z.url(),
  /** The secret that signaling expects of its peers. */
  SIGHTLINE_PEER_TOKEN: z.string().min(1),
  /** Begins the ids of this peer's sessions. */
  SIGHTLINE_PEER_ID: z.string().regex(/^[a-z0-9]{1,32}$/, 'expected 1 to 32 of a-z and 0-9'),
  SIGHTLINE_MAX_SESSIONS: z.coerce.number().int().positive().default(8),
  /** A folder of weights, looked in before anything else. */
  SIGHTLINE_MODELS_DIR: z.string().min(1).optional(),
  SIGHTLINE_CACHE_DIR: z.string().min(1).optional(),
  /** Catalogue id of the default model. */
  SIGHTLINE_MODEL: z.string().min(1).optional(),
  /** Addresses that UDP sockets are bound to and offered at. */
  SIGHTLINE_MEDIA_ADDRESSES: list.default(['127.0.0.1']),
  /** Bits a second that one camera may send, and one annotated track may take. */
  SIGHTLINE_MAX_BITRATE: z.coerce.number().int().min(100_000).max(50_000_000).default(2_500_000),
  SIGHTLINE_INFERENCE_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  SIGHTLINE_INFERENCE_THREADS: z.coerce.number().int().min(1).max(64).default(1),
  SIGHTLINE_CONNECT_TIMEOUT_MS: z.coerce.number().int().min(1000).default(20_000),
  SIGHTLINE_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
});

export interface PeerConfig {
  readonly signalingUrl: string;
  readonly token: string;
  readonly peerId: string;
  readonly maxSessions: number;
  readonly modelsDir: string | undefined;
  readonly cacheDir: string;
  readonly model: string | undefined;
  readonly mediaAddresses: readonly string[];
  readonly maxBitrate: number;
  readonly inferenceWorkers: number;
  readonly inferenceThreads: number;
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
    modelsDir: env.SIGHTLINE_MODELS_DIR,
    cacheDir: env.SIGHTLINE_CACHE_DIR ?? defaultCacheDir,
    model: env.SIGHTLINE_MODEL,
    mediaAddresses: env.SIGHTLINE_MEDIA_ADDRESSES,
    maxBitrate: env.SIGHTLINE_MAX_BITRATE,
    inferenceWorkers: env.SIGHTLINE_INFERENCE_WORKERS,
    inferenceThreads: env.SIGHTLINE_INFERENCE_THREADS,
    connectTimeoutMs: env.SIGHTLINE_CONNECT_TIMEOUT_MS,
    logLevel: env.SIGHTLINE_LOG_LEVEL,
  });
}
