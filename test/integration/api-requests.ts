import { RTCPeerConnection, useVP8 } from 'werift';
import { SDP_FRAGMENT_TYPE } from '../../protocol/ice.ts';
import { encodeImage, quartersRgba } from '../support/images.ts';
import type { RtcClient } from '../support/rtc-client.ts';

type Ask = () => Promise<Response>;

const NOBODY = `nobody-${'A'.repeat(22)}`;
const NO_SESSION = `/sessions/${NOBODY}`;

/** What can be asked of a server in which a call goes on: of each route what goes well, and what does not. */
export class ApiRequests {
  /** By method and path, as the router has them. */
  readonly byRoute: Readonly<Record<string, readonly Ask[]>>;
  readonly #url: string;
  readonly #client: RtcClient;

  constructor(url: string, client: RtcClient) {
    this.#url = url;
    this.#client = client;
    this.byRoute = {
      ...this.#calls(),
      ...this.#sessions(),
      ...this.#direct(),
      ...this.#sources(),
      ...this.#pictures(),
      ...this.#recordings(),
      ...this.#server(),
    };
  }

  #calls(): Record<string, Ask[]> {
    const offer = this.#offer();
    const post = (body: object) => this.#json('POST', '/offer', body);
    return {
      'post /offer': [
        () => post(offer),
        () => post({ type: 'offer', sdp: 'v=0' }),
        () => post({ type: 'answer' }),
        () => post({ ...offer, model: 'nothing-of-the-kind' }),
        () => this.#ask('POST', '/offer', 'v=0', { 'Content-Type': 'text/plain' }),
      ],
    };
  }

  #sessions(): Record<string, Ask[]> {
    const session = `/sessions/${this.#client.sessionId}`;
    // The call itself would not follow a restart
    const oneMore = async () => locationOf(await this.#json('POST', '/offer', this.#offer()));
    return {
      'get /sessions/:id': [() => this.#ask('GET', session), () => this.#ask('GET', NO_SESSION)],
      'patch /sessions/:id': [
        () => this.#json('PATCH', session, { threshold: 0.4 }),
        () => this.#json('PATCH', session, { threshold: 2 }),
        () => this.#json('PATCH', session, { zones: 'all' }),
        () => this.#fragment(session, this.#ownFragment(), {}),
        ...this.#patches(oneMore),
      ],
      'delete /sessions/:id': [
        async () => this.#ask('DELETE', await oneMore()),
        () => this.#ask('DELETE', NO_SESSION),
      ],
      'get /sessions/:id/mjpeg': [
        () => this.#ask('GET', `${session}/mjpeg`),
        () => this.#ask('GET', `${session}/mjpeg?quality=none`),
        () => this.#ask('GET', `${NO_SESSION}/mjpeg`),
      ],
      'get /sessions/:id/snapshot.jpg': [
        () => this.#snapshot(),
        () => this.#ask('GET', `${session}/snapshot.jpg?mid=77`),
        () => this.#ask('GET', `${NO_SESSION}/snapshot.jpg`),
      ],
      'get /sessions/:id/events': [
        () => this.#ask('GET', `${session}/events`),
        () => this.#ask('GET', `${NO_SESSION}/events`),
      ],
    };
  }

  /** WHIP and WHEP. */
  #direct(): Record<string, Ask[]> {
    const whip = () => this.#sdp('/whip?task=detect&threshold=0.4', this.#offer().sdp);
    const whep = async () => this.#sdp(`/sessions/${this.#client.sessionId}/whep`, await viewerOffer());
    const oneMoreWhip = async () => locationOf(await whip());
    const oneMoreWhep = async () => locationOf(await whep());
    return {
      'post /whip': [
        whip,
        () => this.#sdp('/whip?threshold=high', this.#offer().sdp),
        () => this.#sdp('/whip', ''),
        () => this.#json('POST', '/whip', {}),
      ],
      'patch /whip/:id': this.#patches(oneMoreWhip),
      'delete /whip/:id': [
        async () => this.#ask('DELETE', await oneMoreWhip()),
        () => this.#ask('DELETE', `/whip/${NOBODY}`),
      ],
      'post /sessions/:id/whep': [whep, async () => this.#sdp(`${NO_SESSION}/whep`, await viewerOffer())],
      'post /whep': [
        async () => this.#sdp(`/whep?session=${this.#client.sessionId}`, await viewerOffer()),
        async () => this.#sdp('/whep', await viewerOffer()),
        async () => this.#sdp(`/whep?session=${this.#client.sessionId}&mid=77`, await viewerOffer()),
      ],
      'patch /whep/:id': this.#patches(oneMoreWhep),
      'delete /whep/:id': [
        async () => this.#ask('DELETE', await oneMoreWhep()),
        () => this.#ask('DELETE', `/whep/${NOBODY}`),
      ],
    };
  }

  /** Cameras and films that the server reads by itself. */
  #sources(): Record<string, Ask[]> {
    const post = (body: object) => this.#json('POST', '/sources', body);
    return {
      'post /sources': [
        () => post({ url: 'film.mp4', loop: true }),
        () => post({ url: 'film.mp4', pace: 'slow' }),
        () => post({ url: 'missing.mp4' }),
        () => post({ url: 'film.mp4', model: 'nothing-of-the-kind' }),
        () => post({ url: 'http://127.0.0.1:1/film.mp4' }),
        () => this.#ask('POST', '/sources', 'film.mp4', { 'Content-Type': 'text/plain' }),
      ],
    };
  }

  #pictures(): Record<string, Ask[]> {
    const picture = encodeImage('png', { width: 64, height: 48, rgba: quartersRgba(64, 48) });
    const post = async (headers: Record<string, string>) =>
      this.#ask('POST', '/infer', await picture, { 'Content-Type': 'image/png', ...headers });
    const form = async () => {
      const parts = new FormData();
      parts.set('threshold', '0.5');
      parts.append('image', new Blob([new Uint8Array(await picture)]));
      return this.#ask('POST', '/infer', parts);
    };
    return {
      'post /infer': [
        () => post({}),
        () => post({ Accept: 'image/jpeg' }),
        () => post({ Accept: 'application/x-ndjson' }),
        form,
        async () =>
          this.#json('POST', '/infer', { images: [(await picture).toString('base64'), 'AAAA', '%'] }),
        () => post({ Accept: 'text/html' }),
        () => this.#json('POST', '/infer', { images: [] }),
        () => this.#ask('POST', '/infer?model=nothing-of-the-kind', 'x', { 'Content-Type': 'image/png' }),
        () => this.#ask('POST', '/infer', 'v=0', { 'Content-Type': 'text/plain' }),
      ],
    };
  }

  #recordings(): Record<string, Ask[]> {
    const ofSession = `/sessions/${this.#client.sessionId}/recordings`;
    const begin = () => this.#json('POST', ofSession, { maxSeconds: 60 });
    const begun = async () => locationOf(await begin());
    const idOf = (address: string) => address.slice(address.lastIndexOf('/') + 1);
    const nothing = `/recordings/${NOBODY}`;
    /** One that has ended: a session is recorded a few times at once at most. */
    const ended = async () => {
      const address = await begun();
      await this.#ask('DELETE', `${ofSession}/${idOf(address)}`);
      return address;
    };
    return {
      'post /sessions/:id/recordings': [
        async () => {
          const answer = await begin();
          await this.#ask('DELETE', `${ofSession}/${idOf(locationOf(answer))}`);
          return answer;
        },
        () => this.#json('POST', ofSession, { picture: 'blurred' }),
        () => this.#json('POST', ofSession, { mid: '77' }),
        () => this.#json('POST', `${NO_SESSION}/recordings`, {}),
      ],
      'get /sessions/:id/recordings': [
        () => this.#ask('GET', ofSession),
        () => this.#ask('GET', `${NO_SESSION}/recordings`),
      ],
      'delete /sessions/:id/recordings/:rec': [
        async () => this.#ask('DELETE', `${ofSession}/${idOf(await begun())}`),
        () => this.#ask('DELETE', `${ofSession}/${NOBODY}`),
      ],
      'get /recordings': [() => this.#ask('GET', '/recordings')],
      'get /recordings/:rec': [async () => this.#ask('GET', await ended()), () => this.#ask('GET', nothing)],
      'delete /recordings/:rec': [
        async () => this.#ask('DELETE', await begun()),
        () => this.#ask('DELETE', nothing),
      ],
      'get /recordings/:rec/:file': [
        async () => this.#ask('GET', `${await ended()}/recording.json`),
        async () => this.#ask('GET', `${await ended()}/recording.json`, undefined, { Range: 'bytes=0-1' }),
        async () => this.#ask('GET', `${await ended()}/recording.json`, undefined, { 'If-None-Match': '*' }),
        async () =>
          this.#ask('GET', `${await ended()}/recording.json`, undefined, { Range: 'bytes=9999999-' }),
        async () =>
          this.#ask('GET', `${await ended()}/recording.json`, undefined, { 'If-Match': '"another"' }),
        async () => this.#ask('GET', `${await ended()}/secret.txt`),
        () => this.#ask('GET', `${nothing}/000.mp4`),
      ],
    };
  }

  #server(): Record<string, Ask[]> {
    const paths = [
      '/models',
      '/ice-servers',
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/asyncapi.json',
      '/docs/api',
    ];
    return {
      ...Object.fromEntries(paths.map((path) => [`get ${path}`, [() => this.#ask('GET', path)]])),
      'get /docs/api/:file': [
        () => this.#ask('GET', '/docs/api/start.js'),
        () => this.#ask('GET', '/docs/api/package.json'),
      ],
    };
  }

  /** Changes to an ICE session: one that adds nothing, ones that are refused, and a restart. */
  #patches(address: () => Promise<string>): Ask[] {
    const own = this.#ownFragment();
    const patch = async (fragment: string, ifMatch: string) =>
      this.#fragment(await address(), fragment, { 'If-Match': ifMatch });
    return [
      () => patch(own.replace(/ufrag:.*/, 'ufrag:next'), '*'),
      () => patch(own, '"another"'),
      () => patch('v=0', '*'),
      () => this.#fragment(NO_SESSION, own, { 'If-Match': '*' }),
    ];
  }

  #offer(): { type: string; sdp: string } {
    return { type: 'offer', sdp: this.#client.connection.localDescription?.sdp ?? '' };
  }

  /** The ICE session of the caller as its offer has it. */
  #ownFragment(): string {
    const lines = this.#offer().sdp.split('\r\n');
    const ofIce = ['a=ice-ufrag:', 'a=ice-pwd:'].map((start) => lines.find((line) => line.startsWith(start)));
    return [...ofIce, 'm=video 9 X 1', `a=mid:${this.#client.mid()}`, ''].join('\r\n');
  }

  /** Of a film, since the camera has nothing to show any more. */
  async #snapshot(): Promise<Response> {
    const film = locationOf(await this.#json('POST', '/sources', { url: 'film.mp4', loop: true }));
    const picture = await this.#ask('GET', `${film}/snapshot.jpg`);
    await this.#ask('DELETE', film);
    return picture;
  }

  #json(method: string, path: string, body: object): Promise<Response> {
    return this.#ask(method, path, JSON.stringify(body), { 'Content-Type': 'application/json' });
  }

  #sdp(path: string, sdp: string): Promise<Response> {
    return this.#ask('POST', path, sdp, { 'Content-Type': 'application/sdp' });
  }

  #fragment(path: string, fragment: string, headers: Record<string, string>): Promise<Response> {
    return this.#ask('PATCH', path, fragment, { 'Content-Type': SDP_FRAGMENT_TYPE, ...headers });
  }

  #ask(
    method: string,
    path: string,
    body?: BodyInit | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const sent = Buffer.isBuffer(body) ? new Uint8Array(body) : body;
    return fetch(new URL(path, this.#url), { method, headers, ...(sent !== undefined && { body: sent }) });
  }
}

function locationOf({ headers, status }: Response): string {
  const location = headers.get('Location');
  if (location === null) throw new Error(`Expected Location, the answer is ${status}`);
  return location;
}

/** An offer of one who only watches. */
async function viewerOffer(): Promise<string> {
  const connection = new RTCPeerConnection({ codecs: { video: [useVP8()] }, iceServers: [] });
  connection.addTransceiver('video', { direction: 'recvonly' });
  await connection.setLocalDescription(await connection.createOffer());
  const sdp = connection.localDescription?.sdp ?? '';
  await connection.close();
  return sdp;
}
