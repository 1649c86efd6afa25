"""Are the simulated market's buying groups found again, and what is learned from it."""
