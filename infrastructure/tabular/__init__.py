"""Lists of papers out of files of unknown form: CSV and its kin, plain lists, BibTeX, RIS, MEDLINE, Web of Science."""
