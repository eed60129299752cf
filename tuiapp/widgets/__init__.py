"""Widgets that draw line by line. They know what they are given, and no screen."""
