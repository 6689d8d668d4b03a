import type { RTCSctpTransport } from 'werift';
import type { Logger } from '../log.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import { isSoundSctp, type SctpRoom } from './sctp-check.ts';

/** Control message that opens a channel (RFC 8832, section 5.1), and the identifier of such messages (RFC 8831). */
const DATA_CHANNEL_OPEN = 3;
const CONTROL_PROTOCOL = 50;
/** Channels that one client may hold open. It needs two; a leftover of each reconnect does no harm. */
const MAX_CHANNELS = 32;
/** Chunks that may wait for the rest of their message, and how far ahead one may be; each is sorted in with the rest. */
const MAX_WAITING = 2048;
const MAX_AHEAD = 1024;
/** Bytes beyond the window that the library promises, for chunks that close a gap. */
const RESERVE = 256 * 1024;

/**
 * Stands between DTLS and SCTP. The library lets every fault in a packet or message end as a rejected promise that
 * nobody waits for, which ends the process; it goes round for ever on some, and keeps what it is sent without bound.
 */
export function gateSctp(transport: RTCSctpTransport, refusals: RefusalCounter, log: Logger): void {
  const { sctp, dtlsTransport } = transport;
  const refuse = (error: unknown) => {
    refusals.add('sctp-malformed');
    log.debug({ error }, 'Data refused');
  };
  dtlsTransport.dataReceiver = (packet) => {
    if (!isSoundSctp(packet, roomOf(sctp)))
      return refuse('lengths or numbers do not agree, or no room is left');
    sctp['handleData'](packet).catch(refuse);
  };
  sctp.onReceive.allUnsubscribe();
  sctp.onReceive.subscribe((stream, protocol, message) => {
    const isNew = transport.dataChannels[stream] === undefined;
    const opens = protocol === CONTROL_PROTOCOL && message[0] === DATA_CHANNEL_OPEN && isNew;
    if (opens && Object.keys(transport.dataChannels).length >= MAX_CHANNELS) {
      refusals.add('channels-exhausted');
      return;
    }
    transport['datachannelReceive'](stream, protocol, message).catch(refuse);
  });
}

function roomOf(sctp: RTCSctpTransport['sctp']): SctpRoom {
  const streams = sctp['inboundStreams'];
  const ids = Object.keys(streams);
  const waiting = ids.reduce((sum, id) => sum + (streams[id]?.reassembly.length ?? 0), 0);
  const window = sctp['advertisedRwnd'];
  const hasRoom = window > 0 && waiting < MAX_WAITING;
  const hasReserve = window > -RESERVE && waiting < 2 * MAX_WAITING;
  return {
    lastTsn: sctp['lastReceivedTsn'],
    // Where there is no room, the very next one may still complete what waits (RFC 9260, section 6.2).
    maxAhead: hasRoom ? MAX_AHEAD : Number(hasReserve),
    takesStream: (id) => streams[id] !== undefined || ids.length < 2 * MAX_CHANNELS,
  };
}
