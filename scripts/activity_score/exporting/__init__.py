"""Exports: files of the published build for people, audiences and CRMs."""
