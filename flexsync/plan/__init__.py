"""Two States to a Plan. Pure: no file, store, clock or network."""
