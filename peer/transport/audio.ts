import type { MediaStreamTrack, RTCRtpTransceiver } from 'werift';
import { guarded } from '../guarded.ts';
import type { Logger } from '../log.ts';

/** Sends the microphone's packets back as they came. */
export function passAudioThrough(track: MediaStreamTrack, transceiver: RTCRtpTransceiver, log: Logger): void {
  track.onReceiveRtp.subscribe(
    guarded(log)((packet) => {
      transceiver.sender.sendRtp(packet).catch((error: unknown) => log.debug({ error }, 'Packet not sent'));
    }),
  );
}
