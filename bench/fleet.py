"""Two web and two worker processes on PostgreSQL behind nginx, as in production, and the desk."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from bench.processes import PATIENCE, ROOT, SECRET, TOKEN, answers, free_address, process

NGINX = """
{user} pid {folder}/nginx.pid; error_log {folder}/log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    limit_conn_zone $binary_remote_addr zone=oryn_callers:1m;
    upstream oryn_web {{ least_conn; {servers} keepalive 32; }}
    # a connection for each request: the desk does not ask again on one that is just being closed
    server {{ listen {listen}; keepalive_timeout 0; include {public}; }}
}}
"""
"""What deploy/nginx.conf and nginx-upstream.conf say, but on this machine's loopback, without TLS;
what is public is said by the very same file."""
WORKERS_START = 15.0
"""Seconds that a worker is given to begin: it has no door to knock at."""


class Fleet:
    """The processes of one release or another, by name: web1, web2, worker1, worker2."""

    def __init__(self, folder: Path, settings: dict[str, str], ports: dict[str, str]) -> None:
        self._folder = folder
        self._settings = settings
        self._ports = ports
        self._running: dict[str, Process] = {}

    async def start(self, name: str, release: Path, http: aiohttp.ClientSession) -> None:
        """Start one, and return when it serves."""
        port = self._ports.get(name)
        command = "serve" if port else "worker"
        self._running[name] = await self._spawn(release, command, HTTP_PORT=port or "0")
        if port:
            await answers(http, f"http://127.0.0.1:{port}/health/ready")
        else:
            await asyncio.sleep(WORKERS_START)

    async def stop(self, name: str) -> float:
        """Ask one to end, as systemd and Docker do; the seconds that it took."""
        running, began = self._running.pop(name), asyncio.get_running_loop().time()
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.wait(), PATIENCE)
        return asyncio.get_running_loop().time() - began

    async def command(self, release: Path, *arguments: str) -> None:
        """`oryn …`, to its end. RuntimeError when it fails."""
        ended = await self._spawn(release, *arguments)
        if await ended.wait():
            raise RuntimeError(f"oryn {' '.join(arguments)} failed")

    def memory(self) -> dict[str, float]:
        """MB that each process holds now (Linux)."""
        return {
            name: next(
                int(line.split()[1]) / 1024
                for line in Path(f"/proc/{running.pid}/status").read_text().splitlines()
                if line.startswith("VmRSS")
            )
            for name, running in self._running.items()
            if running.returncode is None
        }

    async def end(self) -> None:
        """Stop all that run."""
        await asyncio.gather(*(self.stop(name) for name in list(self._running)))

    async def _spawn(self, release: Path, *arguments: str, **settings: str) -> Process:
        own = release / ".venv/bin/python"
        with (self._folder / "log").open("ab") as output:
            return await asyncio.create_subprocess_exec(
                str(own) if own.exists() else sys.executable,
                *("-m", "bot", *arguments),
                env=self._settings | {"PYTHONPATH": str(release)} | settings,
                cwd=self._folder,
                stdout=output,
                stderr=output,
            )


@asynccontextmanager
async def fleet(folder: Path, database_url: str) -> AsyncIterator[tuple[Fleet, str]]:
    """The processes, none of them started yet, behind nginx and at a desk; the desk's address."""
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if nginx is None:
        raise SystemExit("nginx is needed: apt-get install nginx")
    desk, public, *webs = (free_address() for _ in range(4))
    ports = {f"web{n}": address.rpartition(":")[2] for n, address in enumerate(webs, 1)}
    (folder / "nginx.conf").write_text(
        NGINX.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            servers=" ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports.values()),
            listen=public.removeprefix("http://"),
            public=ROOT / "deploy/nginx-public.conf",
        )
    )
    settings = {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": desk,
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "WEBHOOK_URL": public,
        "WEBHOOK_SECRET": "of-the-webhook",
        "SMSC_URL": f"{desk}/smsc",
        "SMSC_LOGIN": "desk",
        "SMSC_PASSWORD": "desk",
        "SMSC_SECRET": "desk",
        "TELEGRAM_PER_SECOND": "1000",
    }
    playing = ["sandbox", "--port", desk.rpartition(":")[2], "--bot-url", public]
    playing += ["--secret", SECRET, "--portal-secret", SECRET, "--token", TOKEN]
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(process("-m", *playing, folder=folder))
        running = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        await stack.enter_async_context(process(*running, folder=folder, program=nginx))
        crew = Fleet(folder, settings, ports)
        stack.push_async_callback(crew.end)
        yield crew, desk
