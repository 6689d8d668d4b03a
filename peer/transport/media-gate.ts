import { type RTCDtlsTransport, RtcpPacketConverter } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';
import { readCompound } from '../rtp/rtcp-compound.ts';
import type { RefusalCounter } from './refusal-counter.ts';
import { importSrtpKeys } from './srtp-keys.ts';

/** What the library drops by itself, without a word. */
const NOTHING = Buffer.alloc(0);

export interface MediaGateOptions {
  readonly transport: RTCDtlsTransport;
  /** Whether we send under this SSRC. */
  readonly isOurs: (ssrc: number) => boolean;
  readonly refusals: RefusalCounter;
  readonly log: Logger;
}

/**
 * Stands behind SRTP: counts what is not authentic, drops packets under an SSRC of ours (RFC 3550, section 8.2: a
 * collision, or our own stream sent back), and hands RTCP on one packet at a time, since the library reads each to the
 * end of the compound.
 */
export function gateMedia({ transport, isOurs, refusals, log }: MediaGateOptions): void {
  const gate = () => {
    const { srtp, srtcp } = transport;
    importSrtpKeys(transport);
    const deliver = guarded(log)((packet: Uint8Array) => {
      const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
      for (const read of RtcpPacketConverter.deSerialize(bytes)) transport.onRtcp.execute(read);
    });
    const unprotect = srtp.decrypt;
    srtp.decrypt = (datagram) => {
      const packet = counted(() => unprotect(datagram), refusals);
      if (!isOurs(packet.readUInt32BE(8))) return packet;
      refusals.add('ssrc-collision');
      return NOTHING;
    };
    const unprotectRtcp = srtcp.decrypt;
    srtcp.decrypt = (datagram) => {
      const { packets, malformed } = readCompound(counted(() => unprotectRtcp(datagram), refusals));
      if (malformed > 0) refusals.add('rtcp-malformed');
      for (const packet of packets) deliver(packet);
      return NOTHING;
    };
  };
  if (transport.state === 'connected') gate();
  else {
    transport.onStateChange.subscribe((state) => {
      if (state === 'connected') gate();
    });
  }
}

function counted(unprotect: () => Buffer, refusals: RefusalCounter): Buffer {
  try {
    return unprotect();
  } catch (error) {
    refusals.add('srtp-failed');
    throw error;
  }
}
