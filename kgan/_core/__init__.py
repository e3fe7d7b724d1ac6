"""Small helpers that all rooms of kgan share. The only public names are those of
`kgan/__init__.pyi`: `Batch` and `Stream`."""
