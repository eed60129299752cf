"""The views of the Composition screen: columns, and the line above them."""
