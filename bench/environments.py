"""Environments of their own for others' programs, made once and kept in `build/`."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from bench.processes import ROOT

PINNED = {
    "python-telegram-bot": ("python-telegram-bot==22.8", "fastapi==0.165.0", "uvicorn==0.54.0"),
    "aiogram-broadcaster": ("aiogram-broadcaster==0.6.8", "aiogram==3.31.0"),
}


def python_of(name: str) -> str:
    """The Python of the environment with that program in it. CalledProcessError when its packages
    cannot be had."""
    packages = PINNED[name]
    digest = sha256(" ".join(packages).encode()).hexdigest()[:8]
    folder = ROOT / "build" / "peers" / f"{name}-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        uv = Path(sys.executable).with_name("uv")
        install = [str(uv), "pip", "install", "--quiet", "--python", str(python), *packages]
        subprocess.run(install, check=True)
        (folder / "complete").touch()
    return str(python)
