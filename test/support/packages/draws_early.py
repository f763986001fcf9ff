"""A library that draws when it is imported: whatever it drew from has begun in the template."""

import ssl
import tempfile
import uuid

ssl.RAND_bytes(16)
uuid.uuid1()
tempfile.gettempdir()
next(tempfile._get_candidate_names())
