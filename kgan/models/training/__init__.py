"""What the training of every model needs, whoever plays."""
