"""PyMart as a peer of the comparison's `run_peers.py`, which has its own folder on the path."""

import os
import sys
from pathlib import Path

import httpload
import lib
from peer import BasePeer

sys.path.append(str(Path(__file__).resolve().parent.parent))
from bench.stack import ROOT, Request, Stack

DATABASE = "bench_pymart"


class Peer(BasePeer):
    name = "pymart"
    has_checkout = True

    def load(self) -> None:
        lib.create_db(DATABASE)
        self.stack = Stack(
            lib.pg_dsn(DATABASE), lib.REDIS_URL, products=self.products, users=self.users,
            threads=int(os.environ.get("BENCH_THREADS", "4")), gateway=os.environ.get("BENCH_GATEWAY", ""),
            forget=os.environ.get("BENCH_FORGET", ""),
        )  # fmt: skip
        self.stack.prepare()
        self.add_to_cart, self.checkout = self.stack.add_to_cart, self.stack.checkout

    def command(self, port: int, workers: int) -> tuple[list[str], str, dict[str, str]]:
        return self.stack.server(port, workers), str(ROOT), self.stack.env

    def ready(self, port: int) -> None:
        answers, _ = httpload.closed(port, self.stack.first_carts())
        assert all(answer[0] == 200 for answer in answers), answers[0]

    def pages(self) -> dict[str, list[Request]]:
        return self.stack.requests()

    def webhook(self, answer: tuple) -> Request:
        return self.stack.webhook(answer[2])

    def set_stock(self, product: int, stock: int) -> None:
        lib.psql(f"update catalog_variant set stock={stock} where product_id={product}", DATABASE)
        lib.psql(f"update catalog_product set in_stock={stock > 0} where id={product}", DATABASE)

    def stock(self, product: int) -> int:
        return lib.psql(f"select stock from catalog_variant where product_id={product}", DATABASE)[0][0]
