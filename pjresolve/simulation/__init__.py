"""Simulated time: engine, kernel, hosts, connections, and the lives of those who use them.

What belongs here: what happens to whoever sends. What does not: what a stack decides next (`stacks`).
"""
