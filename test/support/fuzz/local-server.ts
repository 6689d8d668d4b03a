import { fileURLToPath } from 'node:url';
import { nativeCodecs } from '../../../peer/codec/native/codecs.ts';
import { readConfig } from '../../../peer/config.ts';
import { Engines } from '../../../peer/engines.ts';
import { LoadMeter } from '../../../peer/load-meter.ts';
import { createLogger } from '../../../peer/log.ts';
import { Sessions } from '../../../peer/sessions.ts';
import { SignalingLink } from '../../../peer/signaling-link.ts';
import { TestSignaling, TOKEN } from '../signaling.ts';

const MAX_SESSIONS = 8;

/** Signaling and one media peer in this process, so that nothing they throw is lost and their memory can be told. */
export class LocalServer implements AsyncDisposable {
  readonly url: string;
  readonly sessions: Sessions;
  readonly #stack: AsyncDisposableStack;

  static async start(): Promise<LocalServer> {
    await using stack = new AsyncDisposableStack();
    const signaling = stack.use(await TestSignaling.start());
    const config = readConfig(
      {
        ...process.env,
        SIGHTLINE_SIGNALING_URL: signaling.url,
        SIGHTLINE_PEER_TOKEN: TOKEN,
        SIGHTLINE_PEER_ID: 'fuzzed',
        SIGHTLINE_MAX_SESSIONS: String(MAX_SESSIONS),
        SIGHTLINE_LOG_LEVEL: 'silent',
      },
      fileURLToPath(new URL('../../../.cache/models', import.meta.url)),
    );
    const log = createLogger(config.logLevel, config.peerId);
    const engines = stack.adopt(await Engines.open(config, log), (opened) => opened.close());
    const load = stack.adopt(new LoadMeter(() => nativeCodecs.live), (meter) => meter.close());
    const sessions = new Sessions({ ...config, codecs: nativeCodecs, engines, load, log });
    const registered = signaling.nextRegistration();
    const registration = () => ({
      models: engines.summaries(),
      maxSessions: config.maxSessions,
      codec: nativeCodecs.info,
    });
    stack.adopt(new SignalingLink({ config, registration, sessions, load, log }), (link) => link.close());
    stack.defer(() => sessions.close('the test is over'));
    await registered;
    return new LocalServer(signaling.url, sessions, stack.move());
  }

  private constructor(url: string, sessions: Sessions, stack: AsyncDisposableStack) {
    this.url = url;
    this.sessions = sessions;
    this.#stack = stack;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
