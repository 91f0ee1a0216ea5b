"""What everything else speaks of: the nouns, the errors, progress, the candidate's clock. Imports nothing of the program."""
