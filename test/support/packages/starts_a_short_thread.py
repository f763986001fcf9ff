"""Starts a thread when it is imported, which ends soon: harmless."""

import threading
import time

threading.Thread(target=time.sleep, args=(0.03,)).start()
