"""The panels of the Lab: each shows frames and emits wishes, and knows no other panel."""
