"""Backups: folders with the database, the settings, the library's files and a manifest; made and put back."""
