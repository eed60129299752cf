"""The work of one fetch: questions asked, arrivals stored, conclusions drawn. It joins a vendor and the store."""
