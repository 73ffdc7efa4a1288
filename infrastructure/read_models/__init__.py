"""Read models: tables that follow the log, written in the append's own transaction and rebuilt from it at will."""
