"""The client for asyncio. What is written here is written once: `_sync` is made from it."""
