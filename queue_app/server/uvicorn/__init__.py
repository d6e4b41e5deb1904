"""What we add to Uvicorn: its server inside this process, its protocols with limits, its end in order."""
