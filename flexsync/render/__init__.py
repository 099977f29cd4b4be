"""Plan to text in the formats that people and machines read."""
