"""What an image may hold: state that children share until they write to it."""

counter = 0
