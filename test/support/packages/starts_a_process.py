"""Starts a process when it is imported, which ends with ours."""

import subprocess

child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
