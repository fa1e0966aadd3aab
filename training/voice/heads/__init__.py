"""Heads over the voice network's levels: their fit, and the network with one."""
