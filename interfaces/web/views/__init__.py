"""What templates show: frozen records, fully loaded."""
