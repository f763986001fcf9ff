"""Unpacks a zip archive that nobody trusts."""

import io
import os
import stat
import zipfile
import zlib

# An archive this small is welcome whatever its ratio; beyond it, more than 100:1 is no honest code.
UNSUSPECTED_BYTES = 64 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 100_000
COPY_BYTES = 256 * 1024


class ArchiveError(Exception):
    """The archive is refused; the text is for the developer."""


def is_archive(content):
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def unpack(content, directory):
    """Unpacks into a directory that exists and is empty. Raises ArchiveError; part of the files may then be there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            check_size(entries, len(content), directory)
            links = []
            for entry in entries:
                path = path_of(entry.filename, directory)
                if stat.S_ISLNK(entry.external_attr >> 16):
                    links.append((path, archive.read(entry).decode(), entry.filename))
                elif entry.is_dir():
                    os.makedirs(path, exist_ok=True)
                else:
                    write_file(archive, entry, path)
            # Links last: no file is ever written through one. Each is looked at when it is there, since the next may lie
            # behind it, and again when all are there, since the next may have changed where it leads.
            for path, target, name in links:
                write_link(path, target, name)
                check_link(path, name, directory)
            for path, _, name in links:
                check_link(path, name, directory)
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise ArchiveError(f"it is corrupt: {error}") from None
    except (NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"it cannot be read: {error}") from None
    except OSError as error:
        raise ArchiveError(f"a file cannot be written: {error.strerror}") from None


def check_size(entries, packed_bytes, directory):
    """What the entries declare is what they may have: zipfile reads no byte beyond it."""
    if len(entries) > MAX_ENTRIES:
        raise ArchiveError(f"it has {len(entries)} entries, at most {MAX_ENTRIES} are allowed")
    total = sum(entry.file_size for entry in entries)
    if total > max(UNSUSPECTED_BYTES, packed_bytes * MAX_RATIO):
        raise ArchiveError(f"it would grow from {packed_bytes} to {total} bytes, more than {MAX_RATIO} times")
    space = os.statvfs(directory)
    free = space.f_bavail * space.f_frsize
    if total > free:
        raise ArchiveError(f"it needs {total} bytes, and {free} are free")


def path_of(name, directory):
    path = os.path.normpath(os.path.join(directory, name))
    if name.startswith("/") or "\0" in name or not is_below(path, directory):
        raise ArchiveError(f'the entry "{name}" leaves the directory')
    return path


def check_link(path, name, directory):
    if not is_below(os.path.realpath(path), directory):
        raise ArchiveError(f'the link "{name}" leaves the directory')


def is_below(path, directory):
    return path == directory or path.startswith(directory + os.sep)


def write_file(archive, entry, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with archive.open(entry) as source, open(path, "wb") as target:
        while True:
            block = source.read(COPY_BYTES)
            if not block:
                break
            target.write(block)
    mode = (entry.external_attr >> 16) & 0o777
    if mode:
        os.chmod(path, mode | 0o600)


def write_link(path, target, name):
    if not target or os.path.isabs(target):
        raise ArchiveError(f'the link "{name}" leaves the directory')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        raise ArchiveError(f'the entry "{name}" is there twice')
    os.symlink(target, path)
