import type { Page } from 'playwright-core';

/** How a page's call stands. */
export interface PageCall {
  readonly connection: string;
  readonly framesDecoded: number;
  /** Protocol and addresses of the path in use, as `udp 127.0.0.1:1 → 127.0.0.1:2`; empty where none is. */
  readonly path: string;
}

export interface PageCallOptions {
  /** Sends the offer without candidates, and those that follow by PATCH. */
  readonly trickle?: boolean;
  /** Sends no candidate at all. */
  readonly silent?: boolean;
  /** Sends a canvas in place of the camera: without leave to use one, browsers hide addresses behind mDNS names. */
  readonly canvas?: boolean;
  /** Takes away the candidates of the answer that this matches. */
  readonly dropCandidates?: string;
  readonly iceServers?: RTCIceServer[];
  readonly relayOnly?: boolean;
}

/** What the script of {@link startPageCall} leaves on the page. */
declare global {
  var iceCall: {
    pc: RTCPeerConnection;
    location: string;
    etag: string;
    answer: string;
    statuses: number[];
    fragment(sdp: string): string;
  };
}

/** Calls the server from a page of its origin with the browser's own camera, speaking HTTP as WHIP clients do. */
export function startPageCall(page: Page, options: PageCallOptions = {}): Promise<string> {
  return page.evaluate(async ({ trickle, silent, canvas, dropCandidates, iceServers, relayOnly }) => {
    const pc = new RTCPeerConnection({
      iceServers: iceServers ?? [],
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    });
    const drawing = () => {
      const element = document.createElement('canvas');
      const context = element.getContext('2d');
      setInterval(() => context?.fillRect(Math.random() * 300, Math.random() * 100, 9, 9), 50);
      return element.captureStream(20);
    };
    const camera = canvas
      ? drawing()
      : await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
    for (const track of camera.getTracks()) pc.addTrack(track, camera);
    pc.createDataChannel('detections');
    pc.ontrack = ({ track }) => {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      document.body.append(video);
      void video.play();
    };
    const gathered = new Promise<void>((resolve) => {
      pc.onicecandidate = ({ candidate }) => candidate ?? resolve();
    });
    await pc.setLocalDescription();
    if (!trickle && !silent) await gathered;
    const sdp =
      (trickle || silent
        ? pc.localDescription?.sdp.replace(/^a=candidate.*\r\n/gm, '')
        : pc.localDescription?.sdp) ?? '';
    const response = await fetch('/offer', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'offer', sdp }),
    });
    const answer = await response.json();
    const kept = /^(m=|a=(mid|ice-ufrag|ice-pwd|candidate|end-of))/;
    const fragment = (local: string) => {
      const lines = local.slice(local.indexOf('m=')).split('\r\n');
      return lines
        .filter((line) => kept.test(line))
        .map((line) => `${line}\r\n`)
        .join('');
    };
    const etag = response.headers.get('etag') ?? '';
    const location = response.headers.get('location') ?? '';
    const drop = dropCandidates ? new RegExp(`^a=candidate.*(${dropCandidates}).*\r\n`, 'gm') : /(?!)/;
    globalThis.iceCall = { pc, location, etag, answer: answer.sdp, statuses: [response.status], fragment };
    await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp.replace(drop, '') });
    if (trickle) {
      await gathered;
      const patched = await fetch(location, {
        method: 'PATCH',
        headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': etag },
        body: fragment(pc.localDescription?.sdp ?? ''),
      });
      globalThis.iceCall.statuses.push(patched.status);
    }
    return answer.sessionId as string;
  }, options);
}

/** Restarts ICE on the page and on the server; resolves with the status of the answer. */
export function restartPageIce(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const call = globalThis.iceCall;
    const { pc } = call;
    const gathered = new Promise<void>((resolve) => {
      pc.onicecandidate = ({ candidate }) => candidate ?? resolve();
    });
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
    await gathered;
    const response = await fetch(call.location, {
      method: 'PATCH',
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
      body: call.fragment(pc.localDescription?.sdp ?? ''),
    });
    if (response.status !== 200) return response.status;
    call.etag = response.headers.get('etag') ?? '';
    const fragment = await response.text();
    const value = (name: string) => new RegExp(`^a=${name}:(.*)\r$`, 'm').exec(fragment)?.[1] ?? '';
    const candidates = [...new Set(fragment.match(/^a=candidate:.*$/gm) ?? [])].join('\n');
    const answer = call.answer
      .replace(/^a=candidate.*\r\n/gm, '')
      .replace(/^a=ice-ufrag:.*\r$/gm, `a=ice-ufrag:${value('ice-ufrag')}\r`)
      .replace(/^a=ice-pwd:.*(\r)$/gm, `a=ice-pwd:${value('ice-pwd')}\r\n${candidates}`);
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    return response.status;
  });
}

/** How the call of the page stands now. */
export function readPageCall(page: Page): Promise<PageCall> {
  return page.evaluate(async () => {
    const { pc } = globalThis.iceCall;
    const entries = new Map<string, Record<string, unknown>>();
    (await pc.getStats()).forEach((entry, id) => {
      entries.set(id, entry);
    });
    const all = [...entries.values()];
    const inbound = all.find((entry) => entry['type'] === 'inbound-rtp' && entry['kind'] === 'video');
    const transport = all.find((entry) => entry['type'] === 'transport');
    const pair = entries.get(String(transport?.['selectedCandidatePairId']));
    const local = entries.get(String(pair?.['localCandidateId']));
    const remote = entries.get(String(pair?.['remoteCandidateId']));
    const address = (candidate?: Record<string, unknown>) =>
      `${candidate?.['address']}:${candidate?.['port']}`;
    return {
      connection: pc.connectionState,
      framesDecoded: Number(inbound?.['framesDecoded'] ?? 0),
      path: pair
        ? `${local?.['candidateType']} ${local?.['protocol']} ${address(local)} → ${address(remote)}`
        : '',
    };
  });
}
