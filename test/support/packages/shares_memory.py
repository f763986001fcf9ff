"""Its children would write into one and the same memory."""

import mmap

page = mmap.mmap(-1, 4096)
