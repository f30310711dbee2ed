"""What an edition is made from: parameters, code lists and layouts, read into closed models."""
