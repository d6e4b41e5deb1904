"""What a browser and a program are told of an app: config, schema, themes and generated files."""
