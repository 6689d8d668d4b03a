"""Sends a film or a camera to Sightline, and keeps what comes back: the annotated video, and the results as JSON lines.

    python3 client.py film.mp4 --server http://127.0.0.1:8080 --video annotated.mp4 --detections detections.jsonl
"""

import argparse
import asyncio
import json
import os

import aiohttp
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer, MediaRecorder

# What was sent last takes this long to come back.
LAST_FRAMES_SECONDS = 0.5


def read_arguments():
    parser = argparse.ArgumentParser(description="Send a film or a camera to Sightline and keep what comes back.")
    parser.add_argument("film", help="anything with a picture that FFmpeg reads; sent at its own speed")
    parser.add_argument("--format", help="of the film, where it is none: v4l2 for /dev/video0, lavfi for a test picture")
    parser.add_argument("--loop", action="store_true", help="begin again at the end of the film")
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--video", default="annotated.mp4", help="where the annotated video goes")
    parser.add_argument("--detections", default="detections.jsonl", help="where the results go, one JSON a line")
    parser.add_argument("--settings", type=json.loads, default={}, help="of the session, as JSON: what to look for")
    parser.add_argument("--seconds", type=float, help="hang up after so long; at the end of the film when left out")
    return parser.parse_args()


class InStep(MediaStreamTrack):
    """A picture, or sound that waits for it: the recorder must know the picture's size before it writes any sound."""

    def __init__(self, track, picture_began):
        super().__init__()
        self.kind, self.track, self.picture_began = track.kind, track, picture_began

    async def recv(self):
        if self.kind == "audio":
            await self.picture_began.wait()
        frame = await self.track.recv()
        self.picture_began.set()
        return frame


async def exchange(http, server, pc, settings):
    """Posts the offer and takes the answer. aiortc gathers its candidates before setLocalDescription() returns."""
    await pc.setLocalDescription(await pc.createOffer())
    offer = {**settings, "type": pc.localDescription.type, "sdp": pc.localDescription.sdp}
    key = os.environ.get("SIGHTLINE_KEY")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with http.post(f"{server}/offer", json=offer, headers=headers) as response:
        answer = await response.json(content_type=None)
        if response.status != 200:
            raise SystemExit(f"The server does not take the call: {answer.get('detail', answer)}")
    await pc.setRemoteDescription(RTCSessionDescription(sdp=answer["sdp"], type=answer["type"]))


async def call(arguments, detections):
    # No STUN server: without the empty list, aiortc asks one on the internet.
    pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    film = MediaPlayer(arguments.film, format=arguments.format, loop=arguments.loop)
    recorder = MediaRecorder(arguments.video)
    connected, picture_began, over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def on_state():
        if pc.connectionState == "connected":
            connected.set()
        elif pc.connectionState in ("failed", "closed"):
            connected.set()
            over.set()

    channel = pc.createDataChannel("detections", ordered=False, maxRetransmits=0)
    channel.on("message", lambda message: detections.write(message + "\n"))

    pc.on("track", lambda track: recorder.addTrack(InStep(track, picture_began)))
    pc.on("connectionstatechange", on_state)
    for track in filter(None, (film.video, film.audio)):
        pc.addTrack(track)
        track.on("ended", over.set)
    try:
        async with aiohttp.ClientSession() as http:
            await exchange(http, arguments.server, pc, arguments.settings)
        await recorder.start()
        await connected.wait()
        await asyncio.wait([asyncio.create_task(over.wait())], timeout=arguments.seconds)
        await asyncio.sleep(LAST_FRAMES_SECONDS)
    finally:
        await recorder.stop()
        await pc.close()


def main():
    arguments = read_arguments()
    with open(arguments.detections, "w", encoding="utf-8") as detections:
        asyncio.run(call(arguments, detections))


if __name__ == "__main__":
    main()
