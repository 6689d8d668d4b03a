import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { SightlineError } from '../protocol/errors.ts';
import { iceServerSchema } from '../protocol/ice.ts';
import type { IceServersConfig } from './ice-servers.ts';
import { isLoopback } from './loopback.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const secretNames: ReadonlySet<string> = new Set([
  'SIGHTLINE_KEY',
  'SIGHTLINE_PEER_TOKEN',
  'SIGHTLINE_TURN_SECRET',
  'SIGHTLINE_ICE_SERVERS',
]);

function wholeNumber(min: number, max: number, fallback: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .pipe(z.number().min(min, expected).max(max, expected))
    .default(fallback);
}

/** A secret travels in an Authorization header, so it is printable ASCII without blanks. */
function secret() {
  return z.string().regex(/^[\x21-\x7e]+$/, 'printable ASCII characters without blanks');
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}

const originsSchema = z
  .string()
  .transform((value) => value.split(',').map((origin) => origin.trim()))
  .refine(
    (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
    'origins such as https://meet.example separated by commas, or *',
  )
  .default([]);

const iceServersSchema = z
  .string()
  .transform((value, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue('a JSON array of RTCIceServer, such as [{"urls":"stun:stun.example:3478"}]');
      return z.NEVER;
    }
  })
  .pipe(z.array(iceServerSchema, 'a JSON array of RTCIceServer').max(16))
  .default([]);

const turnUrlsSchema = z
  .string()
  .transform((value) => value.split(',').map((url) => url.trim()))
  .refine(
    (urls) => urls.every((url) => /^turns?:[^\s]+$/i.test(url)),
    'addresses such as turn:turn.example:3478 separated by commas',
  );

const environmentSchema = z.object({
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'a host name or an IP address')
    .default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535, 8080),
  SIGHTLINE_PEERS: wholeNumber(0, 256, Math.max(1, Math.floor(availableParallelism() / 2))),
  SIGHTLINE_MAX_SESSIONS: wholeNumber(1, 10_000, 8),
  SIGHTLINE_OFFER_TIMEOUT_MS: wholeNumber(1, 600_000, 10_000),
  SIGHTLINE_KEY: secret().optional(),
  SIGHTLINE_OPEN: z
    .enum(['0', '1'], '1 to listen beyond this machine without a key, or 0')
    .transform((value) => value === '1')
    .default(false),
  SIGHTLINE_PEER_TOKEN: secret().optional(),
  SIGHTLINE_LOG_LEVEL: z.enum(logLevels, `one of ${logLevels.join(', ')}`).default('warn'),
  SIGHTLINE_CORS_ORIGIN: originsSchema,
  SIGHTLINE_ICE_SERVERS: iceServersSchema,
  SIGHTLINE_TURN_URLS: turnUrlsSchema.optional(),
  SIGHTLINE_TURN_SECRET: secret().optional(),
  SIGHTLINE_TURN_TTL_SECONDS: wholeNumber(60, 604_800, 43_200),
  SIGHTLINE_MEDIA_RELAY: z
    .enum(['0', '1'], '1 for media peers that use the STUN and TURN servers themselves, or 0')
    .transform((value) => value === '1')
    .default(false),
});

/** Everything that the operator decides about signaling. Frozen. */
export interface SignalingConfig {
  /** Host name or address to listen on. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Media peers that signaling starts on this machine; 0 waits for peers of other machines. */
  readonly localPeers: number;
  /** Sessions of each local media peer. */
  readonly maxSessions: number;
  /** How long a media peer may take to answer a call. */
  readonly offerTimeoutMs: number;
  /** What clients send as `Authorization: Bearer <key>`; absent when everybody may call. */
  readonly key?: string;
  /** What media peers prove themselves with; absent when each start makes its own. */
  readonly peerToken?: string;
  readonly logLevel: (typeof logLevels)[number];
  /** Origins whose pages may call the API; `*` stands for all. */
  readonly corsOrigins: readonly string[];
  readonly ice: IceServersConfig;
  /** The environment that local media peers inherit: ours without the secrets that are not theirs. */
  readonly peerEnvironment: Readonly<Record<string, string | undefined>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration of signaling from environment variables; an empty variable counts as absent.
 * Variables that signaling does not know are left alone, since media peers have their own.
 *
 * @throws {SightlineError} `config-invalid` naming every bad variable, `open-without-key` when the address can be
 * reached from other machines and neither a key nor SIGHTLINE_OPEN=1 is set
 */
export function readConfig(environment: Environment = process.env): SignalingConfig {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) throw invalid(parsed.error, present);
  const { HOST, SIGHTLINE_KEY, SIGHTLINE_OPEN, SIGHTLINE_PEER_TOKEN } = parsed.data;
  if (!isLoopback(HOST) && SIGHTLINE_KEY === undefined && !SIGHTLINE_OPEN) throw openWithoutKey(HOST);
  const { SIGHTLINE_KEY: _, SIGHTLINE_TURN_SECRET: __, ...peerEnvironment } = present;
  return Object.freeze({
    host: HOST,
    port: parsed.data.PORT,
    localPeers: parsed.data.SIGHTLINE_PEERS,
    maxSessions: parsed.data.SIGHTLINE_MAX_SESSIONS,
    offerTimeoutMs: parsed.data.SIGHTLINE_OFFER_TIMEOUT_MS,
    ...(SIGHTLINE_KEY === undefined ? {} : { key: SIGHTLINE_KEY }),
    ...(SIGHTLINE_PEER_TOKEN === undefined ? {} : { peerToken: SIGHTLINE_PEER_TOKEN }),
    logLevel: parsed.data.SIGHTLINE_LOG_LEVEL,
    corsOrigins: Object.freeze(parsed.data.SIGHTLINE_CORS_ORIGIN),
    ice: iceConfig(parsed.data),
    peerEnvironment: Object.freeze(peerEnvironment),
  });
}

function iceConfig(environment: z.infer<typeof environmentSchema>): IceServersConfig {
  const { SIGHTLINE_TURN_URLS: urls, SIGHTLINE_TURN_SECRET: secret } = environment;
  if ((urls === undefined) !== (secret === undefined)) {
    throw new SightlineError(
      'config-invalid',
      'Cannot use the configuration: expected SIGHTLINE_TURN_URLS and SIGHTLINE_TURN_SECRET together, ' +
        `found only ${urls === undefined ? 'SIGHTLINE_TURN_SECRET' : 'SIGHTLINE_TURN_URLS'}`,
    );
  }
  const ttlSeconds = environment.SIGHTLINE_TURN_TTL_SECONDS;
  return Object.freeze({
    fixed: environment.SIGHTLINE_ICE_SERVERS,
    ...(urls && secret !== undefined && { turn: { urls, secret, ttlSeconds } }),
    forPeers: environment.SIGHTLINE_MEDIA_RELAY,
  });
}

function invalid(error: z.ZodError, environment: Environment): SightlineError {
  const complaints = new Map<string, string>();
  for (const issue of error.issues) {
    const name = String(issue.path[0]);
    const found = secretNames.has(name) ? 'something else' : JSON.stringify(environment[name]);
    complaints.set(name, `${name}: expected ${issue.message}, found ${found}`);
  }
  return new SightlineError(
    'config-invalid',
    `Cannot use the configuration:\n  ${[...complaints.values()].join('\n  ')}`,
  );
}

function openWithoutKey(host: string): SightlineError {
  return new SightlineError(
    'open-without-key',
    `Cannot listen on ${host} for everybody: expected SIGHTLINE_KEY (a secret that callers send) ` +
      'or SIGHTLINE_OPEN=1 (anybody who reaches this address may call), found neither',
  );
}
