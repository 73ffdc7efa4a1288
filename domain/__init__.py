"""What is true of papers, imports, schedules and the scraper. Pure Python; attrs is the only library."""
