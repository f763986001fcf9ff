"""User code: from what an /init carries to a function."""

import binascii
import importlib.util
import os
import site
import sys

MODULE = "main__"  # OpenWhisk's name: code below `if __name__ == "__main__"` does not run.


class CodeError(Exception):
    """The code cannot be found or understood; the text is for the developer."""


def load_action(code, main, binary):
    """
    Puts the code into a directory of its own, goes there and imports it. Gives the function named `main`.
    Raises CodeError, SyntaxError, or whatever the code raises while it is imported.
    """
    directory = os.path.join(os.getcwd(), "action")
    os.mkdir(directory)
    if binary:
        place_binary(code, directory)
    else:
        place_source(code, directory)
    os.chdir(directory)
    sys.path.insert(0, directory)
    enter_virtualenv(os.path.join(directory, "virtualenv"))
    module = import_main(os.path.join(directory, "__main__.py"))
    try:
        function = getattr(module, main)
    except AttributeError:
        raise ImportError(f"cannot import name '{main}' from '{MODULE}'") from None
    if not callable(function):
        raise ImportError(f"'{main}' of '{MODULE}' is not a function")
    return function


def place_source(source, directory):
    # A lone surrogate has no UTF-8: it is left to the compiler to refuse.
    with open(os.path.join(directory, "__main__.py"), "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(source)


def place_binary(code, directory):
    """Unpacks an archive, or writes the text that the code is in base64."""
    from .archive import ArchiveError, is_archive, unpack  # Slow to import, and plain source has no need of it.

    try:
        content = binascii.a2b_base64(code)
    except (ValueError, binascii.Error) as error:
        raise CodeError(f"Cannot decode the code: {error}") from None
    if not is_archive(content):
        # Text that merely looks like base64 is marked binary too (protocol reference 3.3).
        try:
            return place_source(content.decode(), directory)
        except UnicodeDecodeError:
            raise CodeError("The code is neither a zip archive nor text") from None
    try:
        unpack(content, directory)
    except ArchiveError as error:
        raise CodeError(f"There was an error uncompressing the action archive: {error}") from None
    if not os.path.isfile(os.path.join(directory, "__main__.py")):
        raise CodeError("Zip file does not include __main__.py")


def enter_virtualenv(directory):
    """Makes the packages of a virtualenv that came in the archive importable."""
    if not os.path.isdir(directory):
        return
    activate = os.path.join(directory, "bin", "activate_this.py")
    if os.path.isfile(activate):
        with open(activate, encoding="utf-8") as file:
            exec(compile(file.read(), activate, "exec"), {"__file__": activate, "__name__": "activate_this"})
        return
    packages = [os.path.join(directory, "lib", name, "site-packages") for name in list_directory(directory, "lib")]
    packages = [path for path in packages if os.path.isdir(path)]
    if not packages:
        raise CodeError("Invalid virtualenv. Zip file does not include 'activate_this.py'.")
    before = list(sys.path)
    for path in packages:
        site.addsitedir(path)
    # The packages of the archive go before those of the system, behind the code itself.
    sys.path[:] = before[:1] + [entry for entry in sys.path if entry not in before] + before[1:]


def list_directory(*path):
    try:
        return sorted(os.listdir(os.path.join(*path)))
    except OSError:
        return []


def import_main(path):
    spec = importlib.util.spec_from_file_location(MODULE, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    return module
