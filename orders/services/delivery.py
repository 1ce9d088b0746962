"""Where an order may go."""

from cart.selectors import CartLine, PricedCart
from pymart.common.errors import DomainError, Part


class NotDeliverable(DomainError):
    """Lines of sellers who, without a GST registration, may deliver within their own state only."""

    code = "not_deliverable"
    example = (
        "“Brass lamp” cannot go to Karnataka: Kerala Crafts is not registered for GST and delivers within Kerala only."
    )

    def __init__(self, lines: list[CartLine], state: str) -> None:
        self._parts = [
            Part(
                self.code,
                f"“{line.offer.name}” cannot go to {state}: {line.offer.shop_name} is not registered for GST and "
                f"delivers within {line.offer.state} only.",
                f"items.{line.offer.variant_id}",
            )
            for line in lines
        ]
        advice = "Choose another address, or take it out of the cart."
        super().__init__(" ".join([*(part.detail for part in self._parts), advice]))

    def parts(self) -> list[Part]:
        return self._parts


def check_delivery(cart: PricedCart, state: str) -> None:
    """:raises NotDeliverable:"""
    if lines := cart.undeliverable_to(state):
        raise NotDeliverable(lines, state)
