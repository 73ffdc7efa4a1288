"""The platforms that publish papers or keep them, as data: one entry each, families in files of their own."""
