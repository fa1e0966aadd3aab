"""Connections to addresses that users name: messages to webhooks, files behind links."""
