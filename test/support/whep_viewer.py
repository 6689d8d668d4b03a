"""A WHEP client of aiortc: watches the address that is its argument, and prints the size of some pictures."""

import asyncio
import sys

import aiohttp
from aiortc import RTCPeerConnection, RTCSessionDescription

FRAMES = 10


async def main(url: str) -> None:
    pc = RTCPeerConnection()
    done = asyncio.get_running_loop().create_future()

    @pc.on("track")
    async def on_track(track):
        if track.kind != "video":
            return
        for _ in range(FRAMES):
            frame = await track.recv()
            print(f"{frame.width}x{frame.height}", flush=True)
        done.set_result(None)

    pc.addTransceiver("video", direction="recvonly")
    pc.addTransceiver("audio", direction="recvonly")
    await pc.setLocalDescription(await pc.createOffer())
    async with aiohttp.ClientSession() as http:
        headers = {"Content-Type": "application/sdp"}
        async with http.post(url, data=pc.localDescription.sdp, headers=headers) as response:
            sdp = await response.text()
            if response.status != 201:
                raise SystemExit(f"{response.status} {sdp}")
            resource = response.headers["Location"]
        await pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        await asyncio.wait_for(done, 20)
        async with http.delete(aiohttp.client.URL(url).join(aiohttp.client.URL(resource))) as response:
            print(response.status)
    await pc.close()


asyncio.run(main(sys.argv[1]))
