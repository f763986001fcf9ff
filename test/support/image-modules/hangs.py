"""Is never done."""

import time

time.sleep(600)
