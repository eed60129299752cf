"""What can go wrong with a store: kills, full disks, damage, other programs, and people who mean harm."""
