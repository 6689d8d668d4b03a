/** The floor: a page that sends back the track that it receives. The browser decodes and encodes, and does nothing else. */
interface Echo {
  answer(offer: RTCSessionDescriptionInit, maxBitrate: number): Promise<RTCSessionDescriptionInit>;
  hangUp(): void;
}

declare global {
  interface Window {
    __echo?: Echo;
  }
}

let pc: RTCPeerConnection | undefined;

window.__echo = {
  async answer(offer, maxBitrate) {
    pc = new RTCPeerConnection();
    await pc.setRemoteDescription(offer);
    const [transceiver] = pc.getTransceivers();
    if (!transceiver) throw new Error('Expected a video section, found none');
    transceiver.direction = 'sendrecv';
    await transceiver.sender.replaceTrack(transceiver.receiver.track);
    await pc.setLocalDescription();
    await limit(transceiver.sender, maxBitrate);
    await gathered(pc);
    return { type: 'answer', sdp: pc.localDescription?.sdp ?? '' };
  },
  hangUp() {
    pc?.close();
    pc = undefined;
  },
};

async function limit(sender: RTCRtpSender, maxBitrate: number): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = maxBitrate;
  parameters.degradationPreference = 'maintain-resolution';
  await sender.setParameters(parameters);
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    if (connection.iceGatheringState === 'complete') resolve();
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === 'complete') resolve();
    };
  });
}
