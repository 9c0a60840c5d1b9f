"""The files that pass through the desk."""

from __future__ import annotations

from pathlib import Path

from sandbox.state import State, StoredFile


class Files:
    """Bytes by file id: in memory, and in a folder beside the state when it is kept."""

    def __init__(self, state: State, folder: Path | None) -> None:
        self._state = state
        self._folder = folder
        self._bytes: dict[str, bytes] = {}

    def save(self, name: str, mime_type: str, content: bytes) -> StoredFile:
        self._state.last_file_id += 1
        stored = StoredFile(f"file_{self._state.last_file_id}", name, mime_type, len(content))
        self._state.files[stored.id] = stored
        self._bytes[stored.id] = content
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / stored.id).write_bytes(content)
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        return self._state.files.get(file_id)

    def read(self, stored: StoredFile) -> bytes:
        """The file's bytes. Raises FileNotFoundError when its folder was emptied."""
        if stored.id not in self._bytes:
            if self._folder is None:
                raise FileNotFoundError(stored.id)
            self._bytes[stored.id] = (self._folder / stored.id).read_bytes()
        return self._bytes[stored.id]
