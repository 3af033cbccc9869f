"""Proofs of membership without a name: Semaphore V4 identities, groups, proofs and their verification.

A library of its own: it imports nothing else of this project and knows neither chain nor web.
"""
