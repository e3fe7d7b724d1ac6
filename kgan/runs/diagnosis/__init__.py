"""What `kgan diagnose` does: runs all diagnostics of a run, draws and keeps them."""
