raise RuntimeError("there is no licence")
