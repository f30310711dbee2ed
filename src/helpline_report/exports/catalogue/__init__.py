"""The words of what can be wrong with exports, as data: `faults.yaml`."""
