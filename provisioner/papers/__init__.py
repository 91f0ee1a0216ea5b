"""What is printed: sheets, subjects, marking aids."""
