"""Benchmarks of the detectors and of the whole service, and the gate that compares them with earlier figures."""
