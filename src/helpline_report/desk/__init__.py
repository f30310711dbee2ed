"""What staff edit the texts with: blocks laid out, a preview that follows, a cheat sheet."""
