"""Whether all is well with a store and with what is around it, and what can be mended."""
