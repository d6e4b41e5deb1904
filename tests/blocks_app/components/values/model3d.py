"""Model3D."""

TRY = {"Model3D.camera_position": (90, 45, None), "Model3D.clear_color": [1, 1, 1, 1]}
