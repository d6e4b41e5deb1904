"""What a picture's file tells of what reading it would cost.

Interface: `slow_pictures` and `av1` for those that are decoded here, `svg` for those that are drawn elsewhere.
"""
