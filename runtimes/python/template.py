"""
Starts a template: python3 template.py, with the control socket as descriptor 3 (runtimes/CONTRACT.md, C33). It imports what it is told
to and is restored by forking. A forked child goes on as `main.py` does.
"""


def main():
    import os
    import sys

    from warmwhisk_runtime.disguise import wear
    from warmwhisk_runtime.template import Template

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.remove(here)
    runtime = wear(os.path.join(here, "main.py"))
    # Gives a socket in a restored child only. Nothing of the template is below it on the stack, so that the child also ends as a
    # process does that was started.
    runtime.serve(Template(3).wait())


if __name__ == "__main__":
    main()
