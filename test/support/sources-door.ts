import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { nativeCodecs } from '../../peer/codec/native/codecs.ts';
import { Door } from '../../peer/door/server.ts';
import { addSources } from '../../peer/door/sources.ts';
import { Engines } from '../../peer/engines.ts';
import { LoadMeter } from '../../peer/load-meter.ts';
import { createLogger } from '../../peer/log.ts';
import { Sessions } from '../../peer/sessions.ts';
import type { Reconnect } from '../../peer/sources/reconnect.ts';
import type { SourceRules } from '../../peer/sources/source-policy.ts';
import type { Detections } from '../../protocol/detections.ts';
import { type SessionDescription, sessionDescriptionSchema } from '../../protocol/session.ts';
import { eventually } from './eventually.ts';

const log = createLogger('silent', 'test');
const models = {
  modelsDir: process.env['SIGHTLINE_MODELS_DIR'],
  cacheDir: fileURLToPath(new URL('../../.cache/models', import.meta.url)),
  model: undefined,
  inferenceWorkers: 1,
  inferenceThreads: 1,
};
const limits = { maxSessions: 4, maxViewers: 1, connectTimeoutMs: 1000, maxBitrate: 1_000_000 };
const ice = { addresses: ['127.0.0.1'], publicAddress: undefined, ports: undefined, tcp: false, servers: [] };

/** Everything of this machine may be read. */
const openRules: SourceRules = {
  schemes: ['http', 'rtsp'],
  hosts: [],
  privateHosts: true,
  directory: undefined,
};

export interface SourcesDoorOptions {
  readonly rules?: Partial<SourceRules>;
  readonly timeoutMs?: number;
  readonly pictureTimeoutMs?: number;
  readonly reconnect?: Reconnect;
}

/** A door that reads sources, with a real model behind it. */
export class SourcesDoor {
  readonly sessions: Sessions;
  readonly #door: Door;
  readonly #engines: Engines;
  readonly #load: LoadMeter;

  static async open(options: SourcesDoorOptions = {}): Promise<SourcesDoor> {
    const engines = await Engines.open(models, log);
    const door = await Door.open({ host: '127.0.0.1', port: 0, url: undefined, log });
    return new SourcesDoor(door, engines, options);
  }

  private constructor(door: Door, engines: Engines, { rules, ...others }: SourcesDoorOptions) {
    this.#door = door;
    this.#engines = engines;
    this.#load = new LoadMeter(() => nativeCodecs.live);
    this.sessions = new Sessions({ ...limits, codecs: nativeCodecs, engines, load: this.#load, ice, log });
    addSources(door, {
      ...others,
      sessions: this.sessions,
      peerId: 'test',
      rules: { ...openRules, ...rules },
      engines,
      codecs: nativeCodecs,
      log,
    });
  }

  post(body: object, init: RequestInit = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#door.address.token}`,
      'Content-Type': 'application/json',
    };
    const url = new URL('/sources', this.#door.address.url);
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body), ...init });
  }

  /** Opens a source that is taken. @returns its session */
  async open(body: object): Promise<SourceUnderTest> {
    const response = await this.post(body);
    const answer: unknown = await response.json();
    expect(response.status, JSON.stringify(answer)).toBe(201);
    const description = sessionDescriptionSchema.parse(answer);
    expect(response.headers.get('Location')).toBe(`/sessions/${description.sessionId}`);
    return new SourceUnderTest(this.sessions, description);
  }

  async close(): Promise<void> {
    await Promise.all([this.sessions.close('the test is over'), this.#door.close()]);
    this.#load.close();
    await this.#engines.close();
  }
}

/** The session of a source. */
export class SourceUnderTest {
  readonly opened: SessionDescription;
  readonly #sessions: Sessions;

  constructor(sessions: Sessions, opened: SessionDescription) {
    this.#sessions = sessions;
    this.opened = opened;
  }

  describe(): SessionDescription {
    return this.#sessions.describe(this.opened.sessionId);
  }

  /** The next results, as many as are asked for. */
  async results(count: number): Promise<Detections[]> {
    const found: Detections[] = [];
    const [scene] = this.#sessions.get(this.opened.sessionId).scenes;
    if (!scene) throw new Error('Expected a session with a picture');
    while (found.length < count) found.push(...((await once(scene, 'result')) as [Detections]));
    return found;
  }

  /** Waits until it is as is asked for. */
  reach(state: SessionDescription['state']): Promise<SessionDescription> {
    return eventually(
      async () => this.describe(),
      (description) => description.state === state,
      { intervalMs: 20 },
    );
  }

  close(): Promise<void> {
    return this.#sessions.get(this.opened.sessionId).close('closed by request');
  }
}
