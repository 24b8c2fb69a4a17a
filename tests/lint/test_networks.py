"""What `match`, `local_net` and the like are read as."""

from __future__ import annotations

import pytest

from pjresolve.lint.networks import covers, network, without_port


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("192.0.2.1", "192.0.2.1/32"), ("192.0.2.1:5070", "192.0.2.1/32"), ("!192.0.2.0/24", "192.0.2.0/24"),
        ("[2001:db8::1]:5070", "2001:db8::1/128"), ("[2001:db8::1]", "2001:db8::1/128"),
        ("2001:db8::/32", "2001:db8::/32"), ("h.example", None), ("h.example:5070", None), ("2001:db8", None),
        ("", None), ("192.0.2.1:port", None),
    ],
)  # fmt: skip
def test_a_network_is_read_without_its_port(text: str, said: str | None) -> None:
    assert network(text) == (None if said is None else network(said))
    assert str(network(text)) == str(said)


def test_an_address_with_a_port_covers_itself() -> None:
    assert covers("192.0.2.1:5070", "192.0.2.1")
    assert not covers("192.0.2.1:5070", "192.0.2.2")


def test_a_name_loses_its_port_alone() -> None:
    assert [without_port(x) for x in ("h.example:5070", "h.example", "a:b")] == [
        "h.example",
        "h.example",
        "a:b",
    ]
