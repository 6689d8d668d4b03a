import type { Diagnosis } from '../../../protocol/ice.ts';
import type { CallerFacts, PathCandidate } from '../../webrtc/caller.ts';
import { type Finding, failed } from '../finding.ts';
import { addressKind, withPort } from '../ice/address-kind.ts';
import { diagnosisRemedies } from '../remedies.ts';

const STEP = 'path';

/** What is known of a path that did not come up. */
export interface PathFacts extends CallerFacts {
  /** Addresses that the name in the URL of the server stands for. */
  readonly urlAddresses: readonly string[];
  /** What the server says of it; undefined where it could not be asked. */
  readonly diagnosis: readonly Diagnosis[] | undefined;
}

/** Why no path came up, as both sides see it; the most telling cause first. */
export function pathFindings(facts: PathFacts): Finding[] {
  return [callersView(facts), ...relayView(facts), ...serversView(facts)];
}

function callersView(facts: PathFacts): Finding {
  if (facts.chosen) return dtlsView(facts);
  const { own, offered } = facts;
  if (own.length === 0) return failed(STEP, 'no-own-address', 'This machine has no address to send from');
  if (offered.length === 0)
    return failed(STEP, 'server-no-address', 'The answer of the server names no address for media');
  if (every(offered, 'name')) {
    const words = `The answer of the server names only ${listed(offered)}, which can be resolved on its own network alone`;
    return failed(STEP, 'server-mdns-only', words);
  }
  if (
    every(offered, 'loopback') &&
    !facts.urlAddresses.some((address) => addressKind(address) === 'loopback')
  ) {
    const words = `The server takes media at ${listed(offered)} alone, which only its own machine can reach`;
    return failed(STEP, 'server-loopback-only', words);
  }
  return facts.checksAnswered === 0 ? unanswered(facts) : notChosen(facts);
}

function dtlsView({ dtls, chosen }: PathFacts): Finding {
  const path = chosen ? pathWords(chosen.own, chosen.other) : '';
  return dtls === 'failed'
    ? failed('dtls', 'dtls-failed', `There is a path (${path}), but the encryption could not be agreed on`)
    : failed(
        'dtls',
        'dtls-timeout',
        `There is a path (${path}), but the encryption was not agreed on in time`,
      );
}

/** No check of ours was answered. */
function unanswered({ offered, urlAddresses, checksSent, checksReceived, diagnosis }: PathFacts): Finding {
  const sent = `None of the ${checksSent} checks to ${listed(offered)} was answered`;
  const arrivedThere = diagnosis?.some(({ code }) => code === 'ice-no-response') ?? false;
  if (arrivedThere) {
    const words = `${sent}, though the server received some: what it sends does not arrive here`;
    return failed(STEP, 'udp-blocked-back', words);
  }
  const publicUrl = urlAddresses.some((address) => addressKind(address) === 'public');
  if (publicUrl && !offered.some(({ address }) => addressKind(address) === 'public')) {
    const words = `The server is called at ${urlAddresses.join(', ')} and takes media at private addresses alone: ${listed(offered)}`;
    return failed(STEP, 'server-private-only', words);
  }
  const elsewhere = offered.every(({ address }) => !urlAddresses.includes(address));
  if (elsewhere && urlAddresses.length > 0 && checksReceived === 0) {
    const words = `${sent}, while HTTP reaches the server at ${urlAddresses.join(', ')}: the address that it tells for media is perhaps not its own`;
    return failed(STEP, 'server-address-wrong', words);
  }
  return failed(STEP, 'udp-blocked', `${sent}: UDP is blocked on the way to the server`);
}

function notChosen({ checksAnswered }: PathFacts): Finding {
  const words = `${checksAnswered} checks were answered, and still no path was settled on`;
  return failed(STEP, 'path-not-chosen', words);
}

/** The relay was among the ways that were tried. */
function relayView({ chosen, own, checksAnswered }: PathFacts): Finding[] {
  if (chosen || checksAnswered > 0 || !own.some(({ type }) => type === 'relay')) return [];
  const words = 'Nothing was answered over the TURN server either: it relays, and does not reach the server';
  return [failed(STEP, 'relay-fails-too', words)];
}

/** That only its own machine reaches the server is no news on that machine. */
function serversView({ diagnosis = [], urlAddresses }: PathFacts): Finding[] {
  const isOwnMachine = urlAddresses.some((address) => addressKind(address) === 'loopback');
  const news = diagnosis.filter(({ code }) => !(isOwnMachine && code === 'ice-loopback-only'));
  return news.map(({ code, text }) => ({
    step: STEP,
    status: 'failed',
    code,
    text: `The server says: ${text}`,
    remedy: diagnosisRemedies[code],
  }));
}

/** A path in words: from here, to there. */
export function pathWords(own: PathCandidate, other: PathCandidate): string {
  const end = ({ address, port, type }: PathCandidate) => `${type} ${withPort(address, port)}`;
  return `${own.transport.toUpperCase()}, ${end(own)} → ${end(other)}`;
}

function every(candidates: readonly PathCandidate[], kind: ReturnType<typeof addressKind>): boolean {
  return candidates.every(({ address }) => addressKind(address) === kind);
}

function listed(candidates: readonly PathCandidate[]): string {
  const places = candidates.map(({ address, port }) => withPort(address, port));
  return [...new Set(places)].join(', ');
}
