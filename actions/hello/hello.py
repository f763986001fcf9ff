"""Greets whoever is named."""


def main(args):
    name = args.get("name", "stranger")
    print(f"Greeting {name}")
    return {"greeting": f"Hello, {name}!"}
