"""Requirements of Debian's Python packages: their metadata lacks them, dpkg's database has them."""

import os
import re

_INFO = "/var/lib/dpkg/info"
_STATUS = "/var/lib/dpkg/status"


def debian_requirements(inventory):
    """distribution → those that its Debian packages depend on. Empty where there is no dpkg."""
    owners = {}
    for package, distribution in installed_by(inventory):
        owners.setdefault(package, set()).add(distribution)
    requires = {}
    for package, depends in dependencies(owners):
        required = {distribution for other in depends for distribution in owners.get(other, ())}
        for distribution in owners[package]:
            requires.setdefault(distribution, set()).update(required)
    return requires


def installed_by(inventory):
    """(package, distribution) for each module that a package of Debian installed."""
    modules = {path: name for name, path in inventory.modules.values()}
    folders = tuple(os.path.join(folder, "") for folder in inventory.folders)
    try:
        lists = [name for name in os.listdir(_INFO) if name.startswith("python3-") and name.endswith(".list")]
    except OSError:
        return
    for name in lists:
        package = name[: -len(".list")].partition(":")[0]
        for path in lines_of(os.path.join(_INFO, name)):
            if path.startswith(folders) and path in modules:
                yield package, modules[path]


def dependencies(packages):
    """(package, names that it depends on) of those that are asked for."""
    name = None
    for line in lines_of(_STATUS):
        key, _, value = line.partition(": ")
        if key == "Package":
            name = value if value in packages else None
        elif name is not None and key in ("Depends", "Pre-Depends"):
            yield name, re.findall(r"(?:^|,)\s*([a-z0-9.+-]+)", value)


def lines_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
