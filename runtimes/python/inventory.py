"""
Prints as JSON what can be imported in this runtime build: python3 inventory.py, with the environment of the runtime. The invoker
runs it outside of any container, to say what an image of these packages would be.
"""


def main():
    import json
    import os
    import sys

    from warmwhisk_runtime.inventory import read_inventory
    from warmwhisk_runtime.records import records_of

    # Our directory is no part of the build.
    sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
    inventory = read_inventory()
    json.dump(
        {
            "folders": inventory.folders,
            "distributions": records_of(inventory),
            "modules": {module: name for module, (name, _) in inventory.modules.items()},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
