"""What the commands do. Each job is a function that returns data; printing is left to others."""
