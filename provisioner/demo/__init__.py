"""The demonstration: a robot candidate works, is examined, and leaves a station as new."""
