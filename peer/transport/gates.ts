import type { Message, RTCPeerConnection } from 'werift';
import type { Logger } from '../log.ts';
import { gateDatagrams } from './datagram-gate.ts';
import { gateMedia } from './media-gate.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import { gateSctp } from './sctp-gate.ts';

export interface GateOptions {
  readonly pc: RTCPeerConnection;
  /** Whether a binding request is of the present ICE session; told whether its password is right. */
  readonly takes: (request: Message, authentic: boolean) => boolean;
  readonly refusals: RefusalCounter;
  readonly log: Logger;
}

/**
 * Keeps what is malformed or not authentic from the WebRTC library, and counts it. To be called once the offer is set
 * and before candidates are gathered.
 */
export function gateTransports({ pc, takes, refusals, log }: GateOptions): void {
  const isOurs = (ssrc: number) =>
    pc
      .getTransceivers()
      .some(({ sender, receiver }) => [sender.ssrc, sender['rtxSsrc'], receiver.rtcpSsrc].includes(ssrc));
  for (const transport of pc.dtlsTransports) {
    gateDatagrams({ transport, takes, refusals });
    gateMedia({ transport, isOurs, refusals, log });
  }
  if (pc.sctpTransport) gateSctp(pc.sctpTransport, refusals, log);
}
