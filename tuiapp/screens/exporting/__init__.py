"""What goes into a file: what is asked for, the choice of it, and the page on which that is made."""
