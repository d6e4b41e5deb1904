"""The product with each Python that the machine has, and with the oldest and newest releases of what it needs."""
