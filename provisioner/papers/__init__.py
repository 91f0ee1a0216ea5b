"""What is printed: candidates' sheets, subjects, evaluation sheets and marking aids."""
