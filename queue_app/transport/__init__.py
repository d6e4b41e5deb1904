"""HTTP and WebSocket endpoints: everything between a connection and a job."""
