"""A library that draws when it is imported: what it drew from has begun, and what it asked for is remembered."""

import platform
import ssl
import tempfile
import uuid

platform.node()
ssl.RAND_bytes(16)
uuid.uuid1()
tempfile.gettempdir()
next(tempfile._get_candidate_names())
