"""Analyse several files side by side with asyncio: `python many.py URL FILE…`."""

import asyncio
import sys

from deepwitness_client import AsyncClient


async def examine(service: AsyncClient, file: str) -> str:
    submitted = await service.submit(file)
    finished = await service.wait(submitted.analysis.id, timeout_s=600)
    assert finished.verdict is not None
    return f"{file}: {finished.verdict.outcome}"


async def main(url: str, files: list[str]) -> None:
    async with AsyncClient(url) as service:
        for line in await asyncio.gather(*(examine(service, file) for file in files)):
            print(line)


asyncio.run(main(sys.argv[1], sys.argv[2:]))
