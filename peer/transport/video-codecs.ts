import { RTCRtpCodecParameters, useAV1, useH264, useVP8, useVP9 } from 'werift';
import type { VideoChoice } from './video-choice.ts';

const makers = { H264: useH264, VP8: useVP8, VP9: useVP9, AV1: useAV1 } as const;

/** The codecs that were chosen, each with its retransmissions, as the WebRTC library wants them named. */
export function libraryVideoCodecs(choices: readonly VideoChoice[]): RTCRtpCodecParameters[] {
  const wanted = new Set(choices.map(({ codec }) => codec));
  return [...wanted].flatMap((codec, index) => {
    const payloadType = 96 + 2 * index;
    const retransmission = {
      clockRate: 90000,
      payloadType: payloadType + 1,
      parameters: `apt=${payloadType}`,
    };
    return [
      makers[codec]({ payloadType, rtcpFeedback: [] }),
      new RTCRtpCodecParameters({ mimeType: 'video/rtx', ...retransmission }),
    ];
  });
}
