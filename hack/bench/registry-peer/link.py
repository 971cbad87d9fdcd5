"""A way to the server that is as slow as one through a network: so many bits a second each way, and so long there and back.

usage: link.py HOST:PORT MBIT MILLISECONDS; prints its own port.
"""

from __future__ import annotations

import asyncio
import sys

_PIECE = 128 << 10


class Line:
    """One direction, which all connections share."""

    def __init__(self, bytes_per_second: float) -> None:
        self._rate = bytes_per_second
        self._free = 0.0

    def passed(self, count: int) -> float:
        """When so many bytes will have gone through, if they begin now or after those before them."""
        now = asyncio.get_running_loop().time()
        self._free = max(self._free, now) + count / self._rate
        return self._free


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line, delay: float) -> None:
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            time, piece = await under_way.get()
            await asyncio.sleep(max(0.0, time - loop.time()))
            if not piece:
                writer.close()
                return
            writer.write(piece)
            await writer.drain()

    delivering = asyncio.create_task(deliver())
    try:
        while piece := await reader.read(_PIECE):
            time = line.passed(len(piece))
            under_way.put_nowait((time + delay, piece))
            await asyncio.sleep(max(0.0, time - loop.time()))
        under_way.put_nowait((loop.time() + delay, b""))
        await delivering
    except OSError:
        delivering.cancel()
        writer.close()


async def _main(host: str, port: int, mbit: float, milliseconds: float) -> None:
    there, back = Line(mbit * 125_000), Line(mbit * 125_000)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(host, port, limit=_PIECE)
        delay = milliseconds / 2000
        await asyncio.gather(
            _pump(reader, server_writer, there, delay), _pump(server_reader, writer, back, delay)
        )

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=_PIECE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    where, separator, number = sys.argv[1].rpartition(":")
    asyncio.run(_main(where, int(number), float(sys.argv[2]), float(sys.argv[3])))
