file = open(__file__, encoding="utf-8")
