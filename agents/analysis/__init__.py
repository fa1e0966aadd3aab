"""The course of one analysis: plan, dispatch, assess, weigh, and replay of its decisions."""
