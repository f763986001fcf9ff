"""Ends the process that imports it."""

import os

print("these are my last words", flush=True)
os._exit(3)
