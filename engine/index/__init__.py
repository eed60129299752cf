"""The index: listings, companies, selection, weights, returns and turnover. Pure arithmetic, no errands.

Two roads lead to every number: ``build`` is the shipped one (arrays, a session at a time, resumable),
``reference`` the plain one that tests compare it with.
"""
