"""The page of a run, `report.html`: `page` writes it, the others its sections."""
