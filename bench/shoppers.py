"""
People who browse, search, fill carts, check out and pay, at a fixed rate; run as a process of its own, JSON in and out.

They come at random moments whether or not the shop keeps up, so a stall is not hidden. Most look at one page; some buy,
by the pages or by the API, pay at the sandbox gateway as a browser without JavaScript would, and look at their order.
"""

import asyncio
import html
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from load import Load, encoded
from stack import ADDRESS

TOKEN = "c" * 32  # what a cookie and a form agree on, against forged requests
WORDS = ("lamp", "silk saree", "brass pot", "oak table", "jute bag", "botle", "clay", "cotton kurta")
BUYERS, PAYING, RETURNING = 0.06, 0.85, 0.8  # shares of visits, of those of orders, of those again
Headers = dict[str, str]


class Unexpected(Exception):
    """The shop's answer is not what a visitor can go on with."""


class Shoppers(Load):
    def __init__(self, port: int, people: dict[str, Any], products: int) -> None:
        super().__init__(port, keep=False)
        self.products, self.dice = products, random.Random(11)
        self.members: deque[dict[str, str]] = deque(people["members"])  # with a session
        self.clients: deque[Headers] = deque(people["clients"])  # with a token of the API
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.looks: list[tuple[int, str, Callable[[], str]]] = [
            (10, "home", lambda: "/"),
            (20, "category", lambda: f"/c/category-{self.roll(50)}/?page={self.roll(2)}"),
            (25, "product", lambda: f"/p/product-{self.popular()}/"),
            (10, "search", lambda: f"/search/?q={quote(self.dice.choice(WORDS))}"),
            (12, "typeahead", lambda: f"/search/suggest/?q={quote(self.dice.choice(WORDS)[: self.roll(4) + 1])}"),
            (8, "API list", lambda: f"/api/v1/products?category=category-{self.roll(50)}&page={self.roll(2)}"),
            (10, "API product", lambda: f"/api/v1/products/product-{self.popular()}"),
            (5, "API search", lambda: f"/api/v1/products?q={quote(self.dice.choice(WORDS))}"),
        ]

    def roll(self, most: int) -> int:
        return self.dice.randint(1, most)

    def popular(self) -> int:
        return min(self.products, int(self.dice.paretovariate(0.8)) * 7 % self.products + 1)

    async def ask(
        self, kind: str, method: str, path: str, headers: Headers, body: str = "", *, due: float = 0, want: int = 200
    ) -> tuple[bytes, str]:
        """Head and body. :raises Unexpected:"""
        started = due or time.perf_counter()
        try:
            status, head, found = await self.exchange(encoded([method, path, headers, body]))
        except (OSError, EOFError) as error:
            self.failures[f"{kind}: {type(error).__name__}"] += 1
            raise Unexpected from error
        self.taken[kind].append(time.perf_counter() - started)
        if status != want:
            self.failures[f"{kind}: {status}"] += 1
            raise Unexpected
        return head, found.decode()

    async def form(self, kind: str, path: str, headers: Headers, fields: dict[str, Any], want: int = 302) -> str:
        """Send a form; answers where it leads."""
        headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        head, _ = await self.ask(kind, "POST", path, headers, urlencode(fields), want=want)
        found = re.search(rb"\r\nlocation: *(\S+)", head, re.IGNORECASE)
        where = urlsplit(found[1].decode()) if found else urlsplit("/")
        return f"{where.path}?{where.query}" if where.query else where.path

    async def look(self, due: float) -> None:
        weights = [weight for weight, _, _ in self.looks]
        _, kind, path = self.dice.choices(self.looks, weights)[0]
        await self.ask(kind, "GET", path(), {}, due=due)

    async def buy_by_pages(self, due: float) -> None:
        member = self.members.popleft()
        cookie = {"Cookie": f"sessionid={member['session']}; csrftoken={TOKEN}"}
        try:
            for _ in range(self.roll(2)):
                fields = {"variant": self.roll(self.products), "quantity": 1, "csrfmiddlewaretoken": TOKEN}
                await self.form("cart add", "/cart/add/", cookie, fields)
            await self.ask("cart", "GET", "/cart/", cookie)
            chosen = {"address": member["address"], "csrfmiddlewaretoken": TOKEN}
            await self.form("choose address", "/checkout/address/", cookie, chosen)
            _, page = await self.ask("checkout page", "GET", "/checkout/pay/", cookie)
            seen = {name: hidden(page)[name] for name in ("cart_id", "expected_total")}
            to_pay = await self.form("checkout", "/checkout/pay/", cookie, {**seen, "csrfmiddlewaretoken": TOKEN})
            self.done["orders"] += 1
            _, page = await self.ask("pay page", "GET", to_pay, cookie)
            if self.dice.random() < PAYING:
                way_back, answer = await self.pay(hidden(page[page.index("checkout/embedded") :]))
                if self.dice.random() < RETURNING:  # the others close the tab: the webhook tells of their payment
                    await self.form("back from paying", way_back, {}, answer, want=303)
            await self.ask("order page", "GET", to_pay.removesuffix("pay/"), cookie)
        finally:
            self.members.append(member)

    async def buy_by_api(self, due: float) -> None:
        token = self.clients.popleft()
        json_too = {**token, "Content-Type": "application/json"}
        try:
            for _ in range(self.roll(2)):
                line = json.dumps({"product_id": self.roll(self.products), "quantity": 1})
                await self.ask("API cart add", "POST", "/api/v1/cart/items", json_too, line)
            await self.ask("API cart", "GET", "/api/v1/cart", token)
            address = json.dumps({"shipping_address": ADDRESS})
            _, found = await self.ask("API checkout", "POST", "/api/v1/orders/checkout", json_too, address, want=201)
            order, payment = (json.loads(found)[name] for name in ("order", "payment"))
            self.done["orders"] += 1
            if payment and self.dice.random() < PAYING:
                wanted = {
                    "key_id": payment["key_id"], "order_id": payment["razorpay_order_id"],
                    "amount": payment["amount"], "callback_url": f"http://127.0.0.1:{self.port}/nowhere",
                }  # fmt: skip
                _, answer = await self.pay(wanted)
                if self.dice.random() < RETURNING:
                    path = f"/api/v1/orders/{order['id']}/verify"
                    await self.ask("API verify", "POST", path, json_too, json.dumps(answer))
            await self.ask("API order", "GET", f"/api/v1/orders/{order['id']}", token)
        finally:
            self.clients.append(token)

    async def pay(self, wanted: dict[str, str]) -> tuple[str, dict[str, str]]:
        """At the gateway, by UPI: where it sends the browser back to, and with what."""
        gateway = "(the sandbox gateway)"
        session = await self.form(gateway, "/sandbox/razorpay/v1/checkout/embedded", {}, wanted)
        instrument = {"contact": ADDRESS["phone"], "method": "upi", "vpa": "success@razorpay"}
        bank = await self.form(gateway, session, {}, instrument)
        await self.form(gateway, bank, {}, {"outcome": "success"})
        _, page = await self.ask(gateway, "GET", bank, {})
        answer = {name: value for name, value in hidden(page).items() if name.startswith("razorpay_")}
        if len(answer) != 3:
            self.failures["payment: refused"] += 1
            raise Unexpected
        self.done["payments"] += 1
        back = urlsplit(wanted["callback_url"])
        return f"{back.path}?{back.query}", answer

    async def visit(self, due: float) -> None:
        kind = self.look
        if self.dice.random() < BUYERS and self.members and self.clients:
            kind = self.dice.choice([self.buy_by_pages, self.buy_by_api])
        try:
            await kind(due)
        except Unexpected:
            self.done["given up"] += 1

    async def tell(self) -> None:
        """How it goes, to whoever watches: a line a minute."""
        told: Counter[str] = Counter()
        for minute in count(1):
            await asyncio.sleep(60)
            new = sorted(each for kind, times in self.taken.items() if kind[0] != "(" for each in times[told[kind] :])
            told.update({kind: len(times) - told[kind] for kind, times in self.taken.items()})
            points = "/".join(f"{new[len(new) * p // 100] * 1000:.0f}" for p in (50, 95, 99)) if new else "-"
            failed, orders = sum(self.failures.values()), self.done["orders"]
            line = f"minute {minute}: {len(new):,} requests, p50/p95/p99 {points} ms"
            print(f"{line}; so far {orders} orders, {failed} failures", file=sys.stderr, flush=True)

    async def all_visits(self, rate: float, seconds: float) -> None:
        """`rate` counts requests: a purchase is about thirteen of them."""
        visits = rate / (1 + 12 * BUYERS)
        telling = asyncio.ensure_future(self.tell())
        due = time.perf_counter()
        end, going = due + seconds, set()
        while due < end:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            task: Awaitable[None] = asyncio.ensure_future(self.visit(due))
            going.add(task)
            task.add_done_callback(going.discard)
            due += self.dice.expovariate(visits)
        await asyncio.gather(*going)
        telling.cancel()


def hidden(page: str) -> dict[str, str]:
    """What the fields of a form hold that nobody sees."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in fields}


def run(*, port: int, people: dict[str, Any], products: int, rate: float, seconds: float) -> dict[str, Any]:
    shoppers = Shoppers(port, people, products)
    started = time.perf_counter()
    asyncio.run(shoppers.all_visits(rate, seconds))
    passed = time.perf_counter() - started
    return {"seconds": passed, "taken": shoppers.taken, "failures": shoppers.failures, "done": shoppers.done}


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
