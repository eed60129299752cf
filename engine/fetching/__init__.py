"""What a fetch decides, without asking anybody: what is missing, what an answer changes, what became of a name."""
