"""What a new year or a new system begins with: files to fill in, with the questions asked."""
