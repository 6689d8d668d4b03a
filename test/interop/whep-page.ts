import type { Page } from 'playwright-core';

declare global {
  /** What {@link publish} and {@link watch} leave on the page. */
  var whep: { readonly pc: RTCPeerConnection; readonly resource: string; readonly etag: string };
}

interface PageDoor {
  /** Where the offer is posted. */
  readonly path: string;
  /** Whether the camera and the microphone of the browser are sent; otherwise picture and sound are taken. */
  readonly sends: boolean;
}

/** Sends the camera and the microphone of a page's browser over WHIP. @returns the session */
export async function publish(page: Page, query = ''): Promise<string> {
  const resource = await page.evaluate(connect, { path: `/whip${query}`, sends: true });
  return resource.split('/').at(-1) ?? '';
}

/** Watches a session over WHEP, in a `<video>` of the page. @returns the address of the viewer */
export function watch(page: Page, sessionId: string, query = ''): Promise<string> {
  return page.evaluate(connect, { path: `/sessions/${sessionId}/whep${query}`, sends: false });
}

/** What a page that watches has decoded: frames, samples of sound, and the codec. */
export function decoded(
  page: Page,
): Promise<{ frames: number; keyFrames: number; samples: number; codec: string }> {
  return page.evaluate(async () => {
    const stats = await whep.pc.getStats();
    const inbound = [...stats.values()].filter(({ type }) => type === 'inbound-rtp');
    const video = inbound.find(({ kind }) => kind === 'video');
    const audio = inbound.find(({ kind }) => kind === 'audio');
    return {
      frames: video?.framesDecoded ?? 0,
      keyFrames: video?.keyFramesDecoded ?? 0,
      samples: audio?.totalSamplesReceived ?? 0,
      codec: stats.get(video?.codecId)?.mimeType ?? '',
    };
  });
}

/** Restarts ICE as RFC 9725 has it (section 4.3.3). @returns the status of the answer and whether its entity tag is new */
export function restartIce(page: Page): Promise<{ status: number; anew: boolean }> {
  return page.evaluate(async () => {
    const { pc, resource, etag } = whep;
    const offer = await pc.createOffer({ iceRestart: true });
    await pc.setLocalDescription(offer);
    const lines = (pc.localDescription?.sdp ?? '').split('\r\n');
    const pick = (name: string) => lines.find((line) => line.startsWith(`a=${name}:`)) ?? '';
    const mid = pick('mid');
    const body = [pick('ice-ufrag'), pick('ice-pwd'), 'm=video 9 UDP/TLS/RTP/SAVPF 0', mid, ''].join('\r\n');
    const response = await fetch(resource, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': '*' },
      body,
    });
    return { status: response.status, anew: response.headers.get('ETag') !== etag };
  });
}

/** Runs in the page. */
async function connect({ path, sends }: PageDoor): Promise<string> {
  const pc = new RTCPeerConnection();
  if (sends) {
    const media = { video: { width: 640, height: 480 }, audio: true };
    const camera = await navigator.mediaDevices.getUserMedia(media);
    for (const track of camera.getTracks())
      pc.addTransceiver(track, { direction: 'sendonly', streams: [camera] });
  } else {
    const video = document.createElement('video');
    video.className = 'watched';
    video.muted = true;
    video.srcObject = new MediaStream();
    document.body.append(video);
    pc.ontrack = ({ track }) => {
      (video.srcObject as MediaStream).addTrack(track);
      void video.play();
    };
    for (const kind of ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' });
  }
  const gathered = new Promise<void>((resolve) => {
    pc.onicecandidate = ({ candidate }) => candidate ?? resolve();
  });
  await pc.setLocalDescription();
  await gathered;
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: pc.localDescription?.sdp ?? '',
  });
  const sdp = await response.text();
  if (response.status !== 201) throw new Error(`Expected an answer, found ${sdp}`);
  const resource = response.headers.get('Location') ?? '';
  globalThis.whep = { pc, resource, etag: response.headers.get('ETag') ?? '' };
  await pc.setRemoteDescription({ type: 'answer', sdp });
  return resource;
}
