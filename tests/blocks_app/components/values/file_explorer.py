"""FileExplorer."""

from pathlib import Path

folder = str(Path(__file__).parent)

NEEDED = {"FileExplorer": {"root_dir": folder}}
TRY = {
    "FileExplorer.glob": "*.py",
    "FileExplorer.root_dir": str(Path(folder).parent),
    "FileExplorer.root": str(Path(folder).parent),
    "FileExplorer.height": 300,
}
OTHER_DEFAULTS = {"FileExplorer.root_dir": "the contract names a folder"}
