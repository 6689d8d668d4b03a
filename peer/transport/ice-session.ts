import { setTimeout as delay } from 'node:timers/promises';
import { Candidate, type Message, type RTCIceTransport, type RTCPeerConnection } from 'werift';
import { SightlineError } from '../../protocol/errors.ts';
import { type IcePatched, type IceSection, MAX_CANDIDATES } from '../../protocol/ice.ts';
import type { Logger } from '../log.ts';
import { advertised, candidateUse, type OfferedCandidates, withoutExtensions } from './ice-candidates.ts';
import type { IceFacts } from './ice-diagnosis.ts';
import { GATHER_LIMIT_MS, hasRelay, hasStun, type IceSettings } from './ice-settings.ts';
import type { PortBlock } from './media-ports.ts';

type IceConnection = RTCIceTransport['connection'];

/** What is kept of one transport beside what the library keeps. */
interface Path {
  readonly transport: RTCIceTransport;
  readonly connection: IceConnection;
  /** Candidates that STUN servers told; the library forgets them at a restart. */
  reflexive: Candidate[];
}

/** User names of before restarts that are remembered, so that candidates which come late restart nothing. */
const REMEMBERED_UFRAGS = 16;

export interface IceSessionOptions {
  readonly settings: IceSettings;
  /** How long a restart may take to find a path. */
  readonly restartTimeoutMs: number;
  /** Told when a restart found none. */
  readonly onLost: () => void;
  readonly log: Logger;
}

/**
 * The ICE side of one connection: gathering within a bound, the candidates that a client adds, and restarts, which the
 * library does on its own only as long as DTLS is not up.
 */
export class IceSession {
  readonly #options: IceSessionOptions;
  readonly #settings: IceSettings;
  readonly #log: Logger;
  readonly #paths = new Map<string, Path>();
  readonly #blocks: PortBlock[] = [];
  readonly #usedUfrags = new Set<string>();
  readonly #gathering: Promise<unknown>[] = [];
  #pc: RTCPeerConnection | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #closed = false;
  #candidates = 0;
  #usable = 0;
  #mdnsNames = 0;
  #mdnsResolved = 0;
  #requests = 0;
  #strangeRequests = 0;

  constructor(options: IceSessionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#log = options.log;
  }

  /** Names the ICE session: another after each restart. */
  get id(): string {
    return [...new Set(this.#paths.values())].map(({ connection }) => connection.localUsername).join('.');
  }

  /**
   * Whether a STUN request is of the present ICE session, for the library to answer. Browsers try their new sockets with
   * what they know of this side before they have heard of its restart, and settle on what is answered; and the library
   * would check back with user names of two sessions.
   *
   * @param authentic whether its message integrity is that of our password
   */
  takes(request: Message, authentic: boolean): boolean {
    const userName = String(request.getAttributeValue('USERNAME'));
    const known = [...this.#paths.values()].some(
      ({ connection }) => userName === `${connection.localUsername}:${connection.remoteUsername}`,
    );
    if (known && authentic) this.#requests += 1;
    else this.#strangeRequests += 1;
    return known && authentic;
  }

  /**
   * Gathers candidates for at most a second, and takes those of the offer. To be called between the remote and the
   * local description.
   *
   * @throws SightlineError `sessions-exhausted` when no media port is left, `candidates-exhausted`
   */
  async open(pc: RTCPeerConnection, offered: readonly OfferedCandidates[]): Promise<void> {
    this.#pc = pc;
    for (const [mid, transport] of transportsOf(pc)) {
      const known = [...this.#paths.values()].find((path) => path.transport === transport);
      this.#paths.set(mid, known ?? this.#prepare(transport));
    }
    for (const { mid, candidates } of offered) this.#add(this.#paths.get(mid), candidates);
    const paths = [...new Set(this.#paths.values())];
    this.#gathering.push(...paths.map(({ transport }) => transport.gather()));
    const limit = new AbortController();
    const late = delay(GATHER_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#gathering), late]);
    limit.abort();
    for (const path of paths) {
      path.reflexive = path.connection.localCandidates.filter(({ type }) => type === 'srflx');
      // At a restart the library would ask for another relayed address beside the one that goes on.
      delete path.connection.turnServer;
    }
  }

  #prepare(transport: RTCIceTransport): Path {
    const { connection } = transport;
    this.#remember(connection.remoteUsername);
    // Without a STUN server of ours the library would ask one of its own choosing.
    if (!hasStun(this.#settings)) delete connection.stunServer;
    const { ports, addresses } = this.#settings;
    if (ports) {
      const block = ports.take(addresses.length + (hasRelay(this.#settings) ? 1 : 0));
      this.#blocks.push(block);
      connection.options.portRange = [...block];
    }
    return { transport, connection, reflexive: [] };
  }

  /**
   * Takes candidates of the client, or restarts ICE where a section has another user name (RFC 9725, section 4.3).
   *
   * @param ifMatch ids of ICE sessions, one of which has to be the present one; `*` stands for any
   * @throws SightlineError `ice-session-changed`, `fragment-invalid`, `candidates-exhausted`, `session-unknown`
   */
  async patch(ifMatch: readonly string[], sections: readonly IceSection[]): Promise<IcePatched> {
    this.#expectPresent(ifMatch);
    const found = sections.map((section) => ({ section, path: this.#pathOf(section) }));
    const restarts = found.filter(({ section, path }) => path.connection.remoteUsername !== section.ufrag);
    const late = restarts.find(({ section }) => this.#usedUfrags.has(section.ufrag));
    if (late) throw changed(`section ${late.section.mid} has the a=ice-ufrag of before a restart`);
    if (restarts.length > 0) this.#candidates = 0;
    this.#count(sections.reduce((sum, { candidates }) => sum + candidates.length, 0));
    const restarted = new Map(restarts.map(({ path, section }) => [path, section]));
    const waiting: Path[] = [];
    for (const [path, section] of restarted) {
      if (!(await this.#restart(path, section))) waiting.push(path);
    }
    for (const { section, path } of found) this.#addCounted(path, section.candidates);
    for (const path of waiting) this.#check(path);
    const own = restarts.map(({ section, path }) => this.#describe(section.mid, path));
    return { iceSession: this.id, restarted: own.length > 0 ? own : null };
  }

  #expectPresent(ifMatch: readonly string[]): void {
    if (this.#closed) throw new SightlineError('session-unknown', 'Cannot change the session: it has ended');
    if (ifMatch.includes('*') || ifMatch.includes(this.id)) return;
    throw changed(`If-Match has ${ifMatch.join(', ') || 'no entity tag'}`);
  }

  #pathOf({ mid }: IceSection): Path {
    const path = this.#paths.get(mid);
    if (path) return path;
    const expected = [...this.#paths.keys()].join(', ');
    throw new SightlineError(
      'fragment-invalid',
      `Cannot use the SDP fragment: expected a=mid of one of the sections ${expected}, found ${mid}`,
    );
  }

  /** @returns whether checks of before are still running; they go on with the new candidates */
  async #restart({ connection }: Path, { ufrag, password }: IceSection): Promise<boolean> {
    this.#remember(ufrag);
    const checking = connection.nominated === undefined;
    connection.restart();
    connection.setRemoteParams({ iceLite: false, usernameFragment: ufrag, password });
    // The library would wait for the first pair before it looks at requests that come; there may never be one.
    if (checking) Reflect.set(connection, 'earlyChecksDone', true);
    await connection.gatherCandidates();
    this.#log.info('ICE restarted');
    return checking;
  }

  /** Looks for a path anew, and gives up after a while: the library would look for ever. */
  #check({ transport }: Path): void {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = setTimeout(this.#options.onLost, this.#options.restartTimeoutMs);
    transport.start().then(
      () => clearTimeout(this.#restartTimer),
      (error: unknown) => this.#log.debug({ error }, 'ICE found no path after a restart'),
    );
  }

  #remember(ufrag: string): void {
    this.#usedUfrags.add(ufrag);
    const [oldest] = this.#usedUfrags;
    if (oldest !== undefined && this.#usedUfrags.size > REMEMBERED_UFRAGS) this.#usedUfrags.delete(oldest);
  }

  #describe(mid: string, { connection, reflexive }: Path): IceSection {
    const candidates = [...connection.localCandidates, ...reflexive].flatMap(
      (candidate) => advertised(candidate.toSdp(), this.#settings) ?? [],
    );
    const { localUsername: ufrag, localPassword: password } = connection;
    return { mid, ufrag, password, candidates, complete: true };
  }

  #add(path: Path | undefined, candidates: readonly string[]): void {
    this.#count(candidates.length);
    if (path) this.#addCounted(path, candidates);
  }

  #count(candidates: number): void {
    if (this.#candidates + candidates > MAX_CANDIDATES) {
      throw new SightlineError(
        'candidates-exhausted',
        `Cannot take more candidates: expected at most ${MAX_CANDIDATES} a session, found ${this.#candidates + candidates}`,
      );
    }
    this.#candidates += candidates;
  }

  #addCounted({ connection }: Path, candidates: readonly string[]): void {
    for (const candidate of new Set(candidates.map(withoutExtensions))) {
      const use = candidateUse(candidate);
      if (use === 'ignore') continue;
      if (use === 'resolve') this.#mdnsNames += 1;
      else this.#usable += 1;
      const remote = Candidate.fromSdp(candidate);
      // Resolving an mDNS name takes seconds where nobody answers; nothing waits for it.
      const added = connection.addRemoteCandidate(remote);
      added.then(
        () => {
          if (use === 'resolve' && !remote.host.endsWith('.local')) this.#mdnsResolved += 1;
        },
        (error: unknown) => this.#log.debug({ error }, 'Candidate of the client not usable'),
      );
    }
  }

  /** What is known of the path now. */
  facts(connected: boolean): IceFacts {
    const paths = [...new Set(this.#paths.values())];
    const pairs = paths.flatMap(({ connection }) => connection.candidatePairs);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return {
      connected,
      offeredAt: paths.flatMap((path) => this.#describe('', path).candidates).map(addressOf),
      candidates: this.#usable,
      mdnsNames: this.#mdnsNames,
      mdnsResolved: this.#mdnsResolved,
      requests: this.#requests,
      strangeRequests: this.#strangeRequests,
      checksSent: sum(pairs.map(({ requestsSent }) => requestsSent)),
      checksAnswered: sum(pairs.map(({ responsesReceived }) => responsesReceived)),
      pathChosen: paths.some(({ connection }) => connection.nominated !== undefined),
      dtls: this.#pc?.dtlsTransports[0]?.state ?? 'new',
    };
  }

  /** Gives the ports back, and closes what was still being gathered. To be called once the library has closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#restartTimer);
    void Promise.allSettled(this.#gathering).then(() =>
      Promise.all([...this.#paths.values()].map(({ connection }) => connection.close())),
    );
    for (const block of this.#blocks) this.#settings.ports?.give(block);
  }
}

/** The transport of each media section, by mid; those of a bundle share one. */
function transportsOf(pc: RTCPeerConnection): Map<string, RTCIceTransport> {
  const transports = new Map<string, RTCIceTransport>();
  for (const { mid, dtlsTransport } of pc.getTransceivers()) {
    if (mid !== undefined && mid !== null) transports.set(mid, dtlsTransport.iceTransport);
  }
  const { sctpTransport } = pc;
  if (sctpTransport?.mid !== undefined)
    transports.set(sctpTransport.mid, sctpTransport.dtlsTransport.iceTransport);
  return transports;
}

/** `address:port` of a candidate line. */
function addressOf(candidate: string): string {
  const [, , , , address = '', port = ''] = candidate.split(' ');
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function changed(found: string): SightlineError {
  return new SightlineError(
    'ice-session-changed',
    `Cannot change the ICE session: expected the present one, found that ${found}`,
  );
}
