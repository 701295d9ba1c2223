"""Places: free text to a point on the map, offline first. Knows nothing of Flask or of other rooms."""
