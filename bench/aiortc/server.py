"""Sends a camera back through aiortc: every frame decoded and encoded anew, nothing done to it.

POST /offer answers an offer, POST /hangup ends every call. Prints its address once it serves.
The argument is the bitrate that is encoded at, in bits a second.
"""

import asyncio
import json
import sys

from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs import h264, vpx

calls = set()


class SameFrames(MediaStreamTrack):
    """The frames of another track, as they are."""

    kind = "video"

    def __init__(self, source):
        super().__init__()
        self.source = source

    async def recv(self):
        return await self.source.recv()


def set_bitrate(bitrate):
    """aiortc begins at a rate of its own and clamps what the receiver asks for; all three become the wanted one."""
    for codec in (vpx, h264):
        codec.DEFAULT_BITRATE = bitrate
        codec.MAX_BITRATE = bitrate


async def answer(request):
    offer = json.loads(await request.text())
    call = RTCPeerConnection()
    calls.add(call)

    @call.on("track")
    def on_track(track):
        if track.kind == "video":
            call.addTrack(SameFrames(track))

    await call.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
    await call.setLocalDescription(await call.createAnswer())
    return web.json_response({"type": "answer", "sdp": call.localDescription.sdp})


async def hang_up(_request):
    ended = list(calls)
    calls.clear()
    await asyncio.gather(*(call.close() for call in ended))
    return web.Response()


async def main():
    app = web.Application()
    app.router.add_post("/offer", answer)
    app.router.add_post("/hangup", hang_up)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await asyncio.Event().wait()


set_bitrate(int(sys.argv[1]))
asyncio.run(main())
