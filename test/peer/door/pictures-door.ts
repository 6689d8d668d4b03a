import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { addFrames } from '../../../peer/door/frames/route.ts';
import { addPictures } from '../../../peer/door/pictures.ts';
import { Door } from '../../../peer/door/server.ts';
import { Engines } from '../../../peer/engines.ts';
import { LoadMeter } from '../../../peer/load-meter.ts';
import { createLogger } from '../../../peer/log.ts';
import { Sessions } from '../../../peer/sessions.ts';
import { JpegFeeds } from '../../../peer/sinks/jpeg-feeds.ts';
import { FeedSession } from '../../../peer/sources/feed-session.ts';
import type { LiveSettings } from '../../../protocol/session.ts';

const log = createLogger('silent', 'test');
const models = {
  modelsDir: process.env['SIGHTLINE_MODELS_DIR'],
  cacheDir: fileURLToPath(new URL('../../../.cache/models', import.meta.url)),
  model: undefined,
  inferenceWorkers: 1,
  inferenceThreads: 1,
};
const ice = { addresses: ['127.0.0.1'], publicAddress: undefined, ports: undefined, tcp: false, servers: [] };

/** A door with all that shows or takes pictures, and a real model behind it. */
export class PicturesDoor {
  readonly door: Door;
  readonly sessions: Sessions;
  readonly engines: Engines;
  readonly #load: LoadMeter;
  #opened = 0;

  static async open(maxViewers = 3): Promise<PicturesDoor> {
    const engines = await Engines.open(models, log);
    const door = await Door.open({ host: '127.0.0.1', port: 0, url: undefined, log });
    return new PicturesDoor(door, engines, maxViewers);
  }

  private constructor(door: Door, engines: Engines, maxViewers: number) {
    this.door = door;
    this.engines = engines;
    this.#load = new LoadMeter(() => nativeCodecs.live);
    const limits = { maxSessions: 4, maxViewers, connectTimeoutMs: 1000, maxBitrate: 1_000_000 };
    this.sessions = new Sessions({ ...limits, codecs: nativeCodecs, engines, load: this.#load, ice, log });
    const feeds = new JpegFeeds({ codecs: nativeCodecs, maxReaders: maxViewers, log });
    addPictures({ door, sessions: this.sessions, feeds });
    addFrames({
      door,
      peerId: 'test',
      sessions: this.sessions,
      feeds,
      engines,
      codecs: nativeCodecs,
      maxViewers,
      log,
    });
  }

  /** A session that the test itself gives frames. */
  async feed(settings: LiveSettings = {}): Promise<TestFeed> {
    const sessionId = `test-${this.#opened++}`;
    const { engines } = this;
    const session = await this.sessions.admit(sessionId, () =>
      FeedSession.open({ sessionId, settings, via: 'source', engines, codecs: nativeCodecs, log }),
    );
    return new TestFeed(sessionId, session);
  }

  get(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.door.address.token}` };
    return fetch(new URL(path, this.door.address.url), { headers, ...init });
  }

  connect(query = ''): WebSocket {
    const url = new URL(`/ws/frames${query}`, this.door.address.url.replace('http', 'ws'));
    return new WebSocket(url, { headers: { authorization: `Bearer ${this.door.address.token}` } });
  }

  async close(): Promise<void> {
    await Promise.all([this.sessions.close('the test is over'), this.door.close()]);
    this.#load.close();
    await this.engines.close();
  }
}

/** A grey picture, lighter from frame to frame. */
export class TestFeed {
  readonly id: string;
  readonly session: FeedSession;
  #count = 0;

  constructor(id: string, session: FeedSession) {
    this.id = id;
    this.session = session;
  }

  /** @param luma in place of the grey */
  push(width = 64, height = 48, luma?: Uint8Array): void {
    const timestamp = this.#count * 3000;
    const frame = nativeCodecs.allocateFrame(width, height, timestamp);
    const [y, u, v] = frame.picture.planes;
    y.fill(16 + (this.#count++ % 200));
    if (luma) y.set(luma);
    u.fill(128);
    v.fill(128);
    const now = performance.now();
    this.session.push(frame, { timestamp, arrivedAt: now, decodedAt: now, encodeMs: undefined });
  }

  /** Thirty frames a second. @returns ends it */
  play(width?: number, height?: number): Disposable {
    const timer = setInterval(() => this.push(width, height), 33);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
}
