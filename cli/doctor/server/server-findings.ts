import { z } from 'zod';
import { type IceServer, iceServerSchema } from '../../../protocol/ice.ts';
import { modelSummarySchema } from '../../../protocol/models.ts';
import { type Findings, failed, guarded, ok, warning } from '../finding.ts';
import { iceServerFindings } from '../ice/ice-server-findings.ts';
import { callFindings } from './call-findings.ts';
import { ask, type HttpAnswer, healthSchema, unansweredFinding } from './http.ts';

/** Clocks that differ by more are worth a word: certificates and credentials go by them. */
const CLOCK_TOLERANCE_MS = 60_000;

const iceServersSchema = z.object({ iceServers: z.array(iceServerSchema) });

export interface ServerOptions {
  /** The key of the server. */
  readonly key: string | undefined;
  /** How long a path, and then the first picture, may take. */
  readonly timeoutMs: number;
}

/** Calls a running server and tells how far it gets. */
export async function* serverFindings(base: URL, options: ServerOptions): Findings {
  let health: HttpAnswer;
  try {
    health = await ask(base, 'healthz');
  } catch (error) {
    yield unansweredFinding('http', base, error);
    return;
  }
  const parsed = healthSchema.safeParse(health.json);
  if (!parsed.success) {
    yield strangerFinding(health);
    return;
  }
  const { version, peers } = parsed.data;
  yield ok('http', `Sightline ${version} answers`);
  yield* guarded('clock', clockFindings(health, Date.now()));
  if (peers.length === 0) {
    yield failed('peers', 'no-media-peer', 'No media peer is registered: nobody can take a call');
    return;
  }
  const codecs = [...new Set(peers.flatMap(({ codec }) => codec ?? []))];
  yield ok('peers', `${peers.length} media ${peers.length === 1 ? 'peer' : 'peers'}, ${codecs.join(', ')}`);
  yield* guarded('call', prepareAndCall(base, options));
}

async function* prepareAndCall(base: URL, options: ServerOptions): Findings {
  const { key } = options;
  const ready = await ask(base, 'readyz');
  if (ready.problem)
    yield warning('peers', 'not-ready', `A call would be refused now: ${ready.problem.detail}`);

  const models = await ask(base, 'models', { key });
  if (models.status === 401) {
    yield failed('models', 'key-required', models.problem?.detail ?? 'The server wants a key');
    return;
  }
  const summaries = z.array(modelSummarySchema).safeParse(models.json).data ?? [];
  const byDefault = summaries.find((model) => model.default);
  if (byDefault)
    yield ok(
      'models',
      `${summaries.map(({ id }) => id).join(', ')}; ${byDefault.id} where a call names none`,
    );
  else yield failed('models', 'no-models', 'The server has no model for a call that names none');

  const answer = await ask(base, 'ice-servers', { key });
  const servers = iceServersSchema.safeParse(answer.json).data?.iceServers ?? [];
  const working: IceServer[] = [];
  if (servers.length === 0) yield ok('turn', 'The server hands out no STUN or TURN server');
  yield* iceServerFindings(servers, { nowMs: Date.now(), onWorks: (server) => working.push(server) });
  yield* callFindings(base, { ...options, iceServers: working });
}

async function* clockFindings({ headers }: HttpAnswer, nowMs: number): Findings {
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return;
  const differenceMs = theirs - nowMs;
  if (Math.abs(differenceMs) < CLOCK_TOLERANCE_MS) return;
  const words = differenceMs > 0 ? 'ahead of' : 'behind';
  const seconds = Math.round(Math.abs(differenceMs) / 1000);
  yield warning('clock', 'clock-differs', `The clock of the server is ${seconds} s ${words} the one here`);
}

function strangerFinding({ status, headers }: HttpAnswer) {
  const location = headers.get('location');
  if (status >= 300 && status < 400 && location !== null)
    return failed('http', 'http-redirected', `The server answers ${status} and leads to ${location}`);
  const words = `Something answers there with status ${status}, and it is not a Sightline: GET /healthz does not say what one says`;
  return failed('http', 'not-sightline', words);
}
