"""What must hold when machines fail: real processes are killed while people send things. `python -m faults`."""
