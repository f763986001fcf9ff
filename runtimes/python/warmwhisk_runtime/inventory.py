"""What can be imported in this runtime build: its distributions, and which of them a module belongs to."""

import importlib.metadata
import os
import re
import sys

# Endings of modules that are files.
_SUFFIXES = (".py", ".so", ".pyc")


class Inventory:
    """Distributions by their canonical names, and which of them a top-level module belongs to. The first on the path counts."""

    def __init__(self, folders):
        self.folders = folders
        # name → (version, importlib.metadata's distribution or None)
        self.distributions = {}
        # top-level module → (distribution, file or folder)
        self.modules = {}
        # A module may be named by several, as `google` is: the first has it.
        claimed = {}
        for distribution in importlib.metadata.distributions(path=folders):
            name, version = head_of(distribution)
            if name is None or name in self.distributions:
                continue
            self.distributions[name] = (version, distribution)
            for module in modules_of(distribution):
                claimed.setdefault(module, name)
        for folder in folders:
            for module, path in modules_in(folder):
                if module in self.modules:
                    continue
                name = claimed.get(module)
                if name is None:
                    # Debian's OpenCV has no metadata. Its files tell its builds apart.
                    name = canonical(module.strip("_"))
                    self.distributions.setdefault(name, ("0", None))
                self.modules[module] = (name, path)

    def distribution_of(self, module):
        """(name, version) of the distribution that a module belongs to; None for the interpreter's own, and for nobody's."""
        found = self.modules.get(module.partition(".")[0])
        return found and (found[0], self.distributions[found[0]][0])


def read_inventory(folders=None):
    """Reads what is there now. `folders`: where packages of the runtime build lie, in order; absent: as this process would look."""
    return Inventory(package_folders() if folders is None else list(folders))


def package_folders():
    """Everything on the path but the interpreter's own library."""
    library = os.path.dirname(os.__file__)
    own = {library, os.path.join(library, "lib-dynload")}
    return [entry for entry in sys.path if entry and entry not in own and os.path.isdir(entry)]


def canonical(name):
    """As PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def head_of(distribution):
    """Its canonical name and version; without a name it is none. Read here, since an action waits, and `metadata` parses all."""
    for file in ("METADATA", "PKG-INFO", ""):
        head, _, _ = (distribution.read_text(file) or "").partition("\n\n")
        fields = dict(re.findall(r"^(Name|Version): *(\S+)", head, re.MULTILINE))
        if "Name" in fields:
            return canonical(fields["Name"]), fields.get("Version", "0")
    return None, "0"


def modules_of(distribution):
    """Top-level modules that a distribution says it has, by top_level.txt, else by its record."""
    declared = (distribution.read_text("top_level.txt") or "").split()
    files = [] if declared else distribution.files or []
    return declared or {module_name(file.parts[0]) for file in files} - {None}


def modules_in(folder):
    """(module, path) of what can be imported from a folder."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = module_name(entry.name)
        if name is not None and (not entry.is_dir() or is_package(entry.path)):
            yield name, entry.path


def module_name(file):
    """`cv2` of `cv2.cpython-311-x86_64-linux-gnu.so`; None for what is no module."""
    name, _, rest = file.partition(".")
    return name if name.isidentifier() and name != "__pycache__" and (rest == "" or file.endswith(_SUFFIXES)) else None


def is_package(path):
    """Whether a folder has code: that of a namespace has it further down."""
    try:
        with os.scandir(path) as entries:
            return any(
                entry.name.endswith(_SUFFIXES) or (entry.is_dir() and entry.name.isidentifier() and is_package(entry.path))
                for entry in entries
                if entry.name != "__pycache__"
            )
    except OSError:
        return False

