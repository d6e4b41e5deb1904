"""What a picture's file tells of what reading it would cost.

Interface: `slow_pictures` for those that are decoded here, `svg` for those that are drawn elsewhere.
"""
