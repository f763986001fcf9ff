"""What is on disk of each distribution of an inventory: digests that change with its files, and what it requires."""

import hashlib
import os
import re

from .debian import debian_requirements


def records_of(inventory):
    """
    One entry for each distribution: its name, version, `record` (a digest of its files), `watch` (a few files, each with size
    and time of change in ns, of which one changes when it is installed anew) and `requires` (names of those that are installed).
    """
    places = {}
    for name, path in inventory.modules.values():
        places.setdefault(name, []).append(path)
    debian = debian_requirements(inventory)
    entries = []
    for name, (version, distribution) in sorted(inventory.distributions.items()):
        paths = sorted(places.get(name, []))
        required = requirements(distribution) | debian.get(name, set())
        entries.append(
            {
                "name": name,
                "version": version,
                "record": record(distribution, paths),
                "watch": [entry for path in watched(distribution, paths) for entry in fingerprint(path)],
                "requires": sorted((required & inventory.distributions.keys()) - {name}),
            }
        )
    return entries


def record(distribution, paths):
    """
    A digest of what its installer wrote down of its files, which has theirs, and of their names and sizes. Debian's packages have
    no such record: then also of the times of their files, which are those of the package.
    """
    text = (distribution and distribution.read_text("RECORD")) or ""
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape"))
    for path in paths:
        for file, size, seconds in files_below(path):
            name = os.path.relpath(file, os.path.dirname(path))
            digest.update(f"\0{name}\0{size}\0{seconds if text == '' else ''}".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def files_below(path):
    """(path, size, time in seconds) of a file, or of all below a folder; what is compiled from others does not count."""
    if not os.path.isdir(path):
        return [(path, *size_and_time(path))]
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        found += [(file, *size_and_time(file)) for file in (os.path.join(folder, name) for name in sorted(files))]
    return found


def size_and_time(path):
    try:
        status = os.stat(path)
        return status.st_size, int(status.st_mtime)
    except OSError:
        return 0, 0  # A link to what is not installed.


def watched(distribution, paths):
    """Its metadata, and of each package the folder and the file that is imported first."""
    metadata = getattr(distribution, "_path", None)
    found = [] if metadata is None else [str(metadata)]
    for name in ("RECORD", "METADATA", "PKG-INFO") if found else ():
        found.append(os.path.join(found[0], name))
    for path in paths:
        found += [path, os.path.join(path, "__init__.py")]
    return found


def fingerprint(path):
    try:
        status = os.stat(path)
        return [[path, status.st_size, str(status.st_mtime_ns)]]
    except OSError:
        return []


def requirements(distribution):
    """Canonical names of what it requires in any case."""
    from .inventory import canonical

    found = set()
    for text in (distribution and distribution.requires) or []:
        name = re.match(r"[\w.-]+", text)
        if name and "extra ==" not in text:
            found.add(canonical(name[0]))
    return found
