"""
Sends requests to a server on this machine and tells how it answered; run as a process of its own, JSON in and out.

`rate` 0: each connection sends its next request when the last is answered, for `seconds` or, with `once`, until all
are sent. Else an open loop, which `once` ends in the same way: that many requests a second at random moments, and an
answer's time counts from the moment its request was due, so that a stall is not hidden.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any


def encoded(request: list) -> bytes:
    method, path, headers, body = request
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Load:
    def __init__(self, port: int, keep: bool) -> None:
        self.port, self.keep = port, keep
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.times: list[float] = []
        self.refused: dict[int, int] = {}
        self.bodies: list[str] = []

    async def exchange(self, raw: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer. A connection that the server has closed meanwhile is not used again."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not (reader.at_eof() or writer.is_closing()):
                break
            writer.close()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        body = await reader.readexactly(length)
        self.idle.append((reader, writer))
        return int(head[9:12]), head, body

    async def send(self, raw: bytes, due: float) -> None:
        status, _, body = await self.exchange(raw)
        self.times.append((time.perf_counter() - due) * 1000)
        if status >= 300:
            self.refused[status] = self.refused.get(status, 0) + 1
        if self.keep:
            self.bodies.append(body.decode())

    async def closed(self, requests: Iterator[bytes], connections: int, seconds: float) -> None:
        end = time.perf_counter() + seconds

        async def client() -> None:
            for raw in requests:
                await self.send(raw, time.perf_counter())
                if time.perf_counter() > end:
                    return

        await asyncio.gather(*(client() for _ in range(connections)))

    async def open(self, requests: Iterator[bytes], rate: float, seconds: float) -> None:
        dice, due = random.Random(7), time.perf_counter()
        end, sent = due + seconds, []
        while due < end:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            if (raw := next(requests, None)) is None:
                break
            sent.append(asyncio.ensure_future(self.send(raw, due)))
            due += dice.expovariate(rate)
        await asyncio.gather(*sent)


def run(
    *, port: int, requests: list, seconds: float = 0, rate: float = 0, connections: int = 32, once: bool = False
) -> dict[str, Any]:
    load, raws = Load(port, once), [encoded(request) for request in requests]
    todo = iter(raws) if once else cycle(raws)
    started = time.perf_counter()
    seconds = float("inf") if once else seconds
    asyncio.run(load.open(todo, rate, seconds) if rate else load.closed(todo, connections, seconds))
    passed, times = time.perf_counter() - started, sorted(load.times)
    percentiles = {f"p{p}": times[min(len(times) - 1, len(times) * p // 100)] for p in (50, 95, 99)}
    rest = {"requests": len(times), "rps": len(times) / passed, "refused": load.refused, "bodies": load.bodies}
    return percentiles | rest


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
