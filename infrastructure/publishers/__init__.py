"""From what a publisher's site answers to the file: landing pages, rules of single publishers, and walls."""
