"""What may be requested, what is shown, and what is one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiredesk.errors import Refused
from wiredesk.records.weburl import (
    MOST_BYTES,
    canonical_key,
    checked,
    cleaned,
    host_of,
    registrable_domain,
    same_site,
)

REFUSED = [
    # numbers that a resolver takes for an address
    *("http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://017700000001/"),
    *(
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://127.0.0.01/",
        "http://1.2.3.4.5/",
    ),
    *("http://256.1.1.1/", "http://courier.example.123/", "http://courier.example.0x1f/"),
    *("http://0x/", "http://127.0.0.1../", "http://127.0.0/", "http://1.1.1.1.1/"),
    # names that become something else on the way
    *("http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://ⓛocalhost/", "http://localhost。/"),
    *(
        "http://\uff43ourier.example/",
        "http://courier\uff0eexample/",
        "http://\uff11\uff12\uff17.0.0.1/",
    ),
    *(
        "http://127.0.0.1%00.courier.example/",
        "http://courier%2eexample/",
        "http://%63ourier.example/",
    ),
    # characters on which parsers disagree
    *("http://127.0.0.1\\@courier.example/", "http://courier.example\\@127.0.0.1/"),
    *("http://courier.example#@127.0.0.1/", "http://courier.example?@127.0.0.1/"),
    *("http://a@b@c/", "http://user@courier.example/", "http://user:secret@courier.example/"),
    *(
        "http://@courier.example/",
        "http://:@courier.example/",
        "https://courier.example:80@evil.example/",
    ),
    *("http://courier.example/a b", "http://courier.example/a\tb", "http://courier.example/a\nb"),
    *("http://courier.example/\x00", "http://courier.example/\x7f", "http://courier\r.example/"),
    *("http://courier.example/\\x", "http://cou rier.example/", "http://courier.example/\udc80"),
    # not the web, or not whole
    *("", " ", "#", "/path", "path", "?query", "//courier.example/", "courier.example/a"),
    *("ftp://courier.example/", "file:///etc/hostname", "javascript:alert(1)", "data:text/html,x"),
    *("mailto:desk@courier.example", "http:courier.example", "http:/courier.example", "https:"),
    *(
        "http://",
        "http:///courier.example",
        "https:///",
        "https://?q",
        "https://#f",
        "ws://a.example/",
    ),
    *(
        "feed://courier.example/rss",
        "view-source:http://courier.example/",
        "urn:isbn:1",
        "about:blank",
    ),
    # host names that are none
    *("http://.courier.example/", "http://courier..example/", "http://courier.example../"),
    *("http://-courier.example/", "http://courier-.example/", "http://cou_rier.example/"),
    *(
        "http://courier!.example/",
        "http://courier,example/",
        "http://*.example/",
        "http://a|b.example/",
    ),
    *("http://<b>.example/", "http://courier.example^/", 'http://"courier".example/'),
    f"http://{'a' * 64}.example/",
    f"http://{'a.' * 127}example/",
    *(
        "http://xn--a.example/",
        "http://xn--.example/",
        "http://xn--zz--.example/",
        "http://\u200d.example/",
    ),
    # IPv6 that is none
    *(
        "http://[::1/",
        "http://::1/",
        "http://[]/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
    ),
    *("http://[1:2:3]/", "http://[v1.x]/", "http://[::127.1]/", "http://]/"),
    # too long
    f"https://courier.example/{'a' * MOST_BYTES}",
    f"https://courier.example/{'é' * 400}",
]

NO_PORT = [
    *("http://courier.example:/", "http://courier.example:0/", "http://courier.example:99999/"),
    *("http://courier.example:65536/", "http://courier.example:8o/", "http://courier.example:-1/"),
    *(
        "http://courier.example:80:80/",
        "http://courier.example:\uff10\uff10/",
        "http://[::1]:/",
        "http://[::1]:0/",
        "http://[::1]x/",
    ),
]

GOOD = [
    ("https://courier.example", "https://courier.example/"),
    ("HTTPS://Courier.EXAMPLE/News", "https://courier.example/News"),
    ("  https://courier.example/a\n", "https://courier.example/a"),
    ("\ufeffhttps://courier.example/a\u3000", "https://courier.example/a"),
    ("https://courier.example./a", "https://courier.example/a"),
    ("https://courier.example:443/a", "https://courier.example/a"),
    ("http://courier.example:80/a", "http://courier.example/a"),
    ("http://courier.example:443/a", "http://courier.example:443/a"),
    ("http://courier.example:00080/a", "http://courier.example/a"),
    ("http://courier.example:8080/a", "http://courier.example:8080/a"),
    ("https://courier.example/a#part", "https://courier.example/a"),
    ("https://courier.example/a?b#@c", "https://courier.example/a?b"),
    ("https://courier.example/@desk/a", "https://courier.example/@desk/a"),
    ("https://courier.example/?mail=a@b.example", "https://courier.example/?mail=a@b.example"),
    ("https://courier.example?a=1", "https://courier.example/?a=1"),
    ("https://courier.example/a/../b/./c", "https://courier.example/b/c"),
    ("https://courier.example/a/%2e%2e/b", "https://courier.example/b"),
    ("https://courier.example/größe?q=ü", "https://courier.example/gr%C3%B6%C3%9Fe?q=%C3%BC"),
    ("https://courier.example/100%", "https://courier.example/100%"),
    ("https://courier.example//a//b", "https://courier.example//a//b"),
    ("https://courier.example/a'b", "https://courier.example/a'b"),
    ("https://courier.example/a?x=[1]|2", "https://courier.example/a?x=[1]|2"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"),
    ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
    ("https://XN--BCHER-KVA.example/a", "https://xn--bcher-kva.example/a"),
    ("https://faß.example/", "https://xn--fa-hia.example/"),
    ("https://\u0430\u0440\u0440\u04cf\u0435.example/", "https://xn--80ak6aa92e.example/"),
    ("https://點看。example/", "https://xn--c1yn36f.example/"),
    ("https://r3---sn-ab.example/v", "https://r3---sn-ab.example/v"),
    ("http://localhost/a", "http://localhost/a"),
    ("http://news-bridge:8000/a", "http://news-bridge:8000/a"),
    ("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/a"),
    ("http://127.0.0.1./a", "http://127.0.0.1/a"),
    ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ("http://[2001:DB8:0:0::1]/a", "http://[2001:db8::1]/a"),
    ("http://1.courier.example/", "http://1.courier.example/"),
]

RESOLVED = [
    ("/a", "https://courier.example/b/c", "https://courier.example/a"),
    ("a", "https://courier.example/b/c", "https://courier.example/b/a"),
    ("../a", "https://courier.example/b/c/d", "https://courier.example/b/a"),
    ("../../../../a", "https://courier.example/b", "https://courier.example/a"),
    ("?page=2", "https://courier.example/b?x", "https://courier.example/b?page=2"),
    ("//static.example/a.jpg", "https://courier.example/", "https://static.example/a.jpg"),
    ("//static.example/a.jpg", "http://courier.example/", "http://static.example/a.jpg"),
    ("http://other.example/", "https://courier.example/", "http://other.example/"),
    ("", "https://courier.example/b", "https://courier.example/b"),
    ("a:b", "https://courier.example/", None),
    ("///evil.example/", "https://courier.example/", None),
    ("//user@evil.example/", "https://courier.example/", None),
    ("//127.1/", "https://courier.example/", None),
    ("//[::1", "https://courier.example/", None),
    ("/a", "ftp://courier.example/", None),
    ("/a", "http://127.1/", None),
    ("/\\evil.example", "https://courier.example/", None),
]

CLEANED = [
    ("https://courier.example/a?utm_source=rss&utm_medium=feed", "https://courier.example/a"),
    ("https://courier.example/a?id=7&utm_source=rss", "https://courier.example/a?id=7"),
    ("https://courier.example/a?UTM_Source=rss&id=7", "https://courier.example/a?id=7"),
    ("https://courier.example/a?b=2&a=1&fbclid=x", "https://courier.example/a?b=2&a=1"),
    ("https://courier.example/a?a=%7e&gclid=1#top", "https://courier.example/a?a=%7e"),
    ("https://courier.example/a?mc_cid=1&mc_eid=2&_hsenc=3", "https://courier.example/a"),
    ("https://courier.example/a?at_medium=RSS&at_campaign=K", "https://courier.example/a"),
    (
        "https://courier.example/a?ns_mchannel=rss&ns_source=PublicRSS20",
        "https://courier.example/a",
    ),
    ("https://courier.example/a?partner=rss&emc=rss", "https://courier.example/a"),
    ("https://courier.example/a?ref=rss", "https://courier.example/a"),
    ("https://courier.example/a?ref=v2.1", "https://courier.example/a?ref=v2.1"),
    ("https://courier.example/a?source=rss-desk------2", "https://courier.example/a"),
    ("https://courier.example/a?source=police", "https://courier.example/a?source=police"),
    ("https://courier.example/a?mod=rss_markets", "https://courier.example/a"),
    ("https://courier.example/a?mod=view&id=3", "https://courier.example/a?mod=view&id=3"),
    ("https://courier.example/a?from=rss-feed", "https://courier.example/a"),
    ("https://courier.example/a?feedType=RSS&feedName=topNews", "https://courier.example/a"),
    ("https://courier.example/a?xtor=RSS-1", "https://courier.example/a"),
    ("https://courier.example/a?wt_mc=rss&cmp=x", "https://courier.example/a"),
    ("https://courier.example/?p=12345", "https://courier.example/?p=12345"),
    ("https://courier.example/?", "https://courier.example/"),
    ("https://courier.example/?&&a&", "https://courier.example/?a"),
    ("https://courier.example/?utm_source", "https://courier.example/"),
    ("https://www.youtube.com/watch?v=abc&feature=youtu.be", "https://www.youtube.com/watch?v=abc"),
    ("https://courier.example/watch?feature=x", "https://courier.example/watch?feature=x"),
    ("https://courier.example/a?shareToken=s3cret", "https://courier.example/a?shareToken=s3cret"),
    ("https://courier.example/a?s=20&t=x", "https://courier.example/a?s=20&t=x"),
]

SAME_PAGE = [
    "https://courier.example/2026/03/harbour",
    "http://courier.example/2026/03/harbour",
    "https://www.courier.example/2026/03/harbour",
    "https://WWW.Courier.Example/2026/03/harbour",
    "https://courier.example./2026/03/harbour",
    "https://courier.example:443/2026/03/harbour",
    "http://courier.example:80/2026/03/harbour",
    "https://courier.example/2026/03/harbour/",
    "https://courier.example//2026//03/harbour//",
    "https://courier.example/2026/03/harbour#comments",
    "https://courier.example/2026/03/harbour?",
    "https://courier.example/2026/03/harbour?utm_source=a&utm_medium=b",
    "https://courier.example/2026/03/harbour?fbclid=a#b",
    "https://courier.example/2026/03/%68arbour",
    "https://courier.example/2026/03/%68%61rbour",
    "https://courier.example/2026/./03/x/../harbour",
    " https://courier.example/2026/03/harbour ",
]

SAME_QUERY = [
    "https://courier.example/?a=1&b=%C3%A9",
    "https://courier.example/?b=%c3%a9&a=1",
    "https://courier.example/?b=é&a=1&gclid=2",
    "https://www.courier.example?a=%31&b=%C3%A9",
]

DIFFERENT = [
    "https://courier.example/a",
    "https://courier.example/A",
    "https://courier.example/b",
    "https://courier.example/a?id=1",
    "https://courier.example/a?id=2",
    "https://courier.example/a%2Fb",
    "https://courier.example/a/b",
    "https://courier.example:8080/a",
    "https://news.courier.example/a",
    "https://m.courier.example/a",
    "https://courier.test/a",
    "https://fass.example/",
    "https://faß.example/",
    "https://apple.example/",
    "https://\u0430\u0440\u0440\u04cf\u0435.example/",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_two_parsers_could_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(url)
    assert refusal.value.reason == "url"


@pytest.mark.parametrize("url", NO_PORT)
def test_a_port_that_is_none_is_refused_as_a_port(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked(url)
    assert refusal.value.reason == "port"


@pytest.mark.parametrize(("url", "fit"), GOOD)
def test_a_good_address_is_put_into_the_form_that_is_requested(url: str, fit: str) -> None:
    assert checked(url) == fit
    assert checked(fit) == fit


@pytest.mark.parametrize(("url", "base", "fit"), RESOLVED)
def test_a_relative_address_is_resolved_and_then_judged(
    url: str, base: str, fit: str | None
) -> None:
    if fit is not None:
        assert checked(url, base) == fit
        return
    with pytest.raises(Refused):
        checked(url, base)


@pytest.mark.parametrize(("url", "clean"), CLEANED)
def test_only_tracking_is_taken_from_an_address(url: str, clean: str) -> None:
    assert cleaned(url) == clean
    assert cleaned(clean) == clean


@pytest.mark.parametrize("url", SAME_PAGE)
def test_ways_to_write_one_address_are_one_page(url: str) -> None:
    assert canonical_key(url) == "https://courier.example/2026/03/harbour"


@pytest.mark.parametrize("url", SAME_QUERY)
def test_the_order_and_escapes_of_parameters_make_no_other_page(url: str) -> None:
    assert canonical_key(url) == "https://courier.example/?a=1&b=%C3%A9"


def test_different_pages_have_different_keys() -> None:
    assert len({canonical_key(url) for url in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/%%341",
        "https://courier.example/a/%%32e%%32e/b",
        "https://courier.example/?utm%5fsource=rss",
        "https://www.www.courier.example/",
        "http://courier.example:443/",
        "https://courier.example/%25%32%35",
        "https://courier.example/?a=%20&b=+",
        f"https://courier.example/{'%' * 500}{'34' * 500}",
    ],
)
def test_a_key_of_a_spiteful_address_is_its_own_key(url: str) -> None:
    assert canonical_key(canonical_key(url)) == canonical_key(url)


def test_hosts_and_their_registrable_domains() -> None:
    assert host_of("https://news.courier.example:8080/a?b") == "news.courier.example"
    assert host_of("http://[::1]:80/") == "[::1]"
    assert host_of("mailto:desk@courier.example") == ""
    assert registrable_domain("news.bbc.co.uk") == "bbc.co.uk"
    assert registrable_domain("one.blogspot.com") == "one.blogspot.com"
    assert registrable_domain("127.0.0.1") == "127.0.0.1"
    assert registrable_domain("localhost") == "localhost"
    assert registrable_domain("xn--bcher-kva.com") == "xn--bcher-kva.com"
    assert same_site("https://m.courier.com/a", "https://www.courier.com/b")
    assert not same_site("https://one.blogspot.com/", "https://two.blogspot.com/")


_hosts = st.sampled_from(["courier.example", "www.courier.example", "bücher.example", "10.0.0.1"])
_rest = st.text(st.sampled_from("ab%25413eEfF/.?&=+#;:@é~-_u"), max_size=40)


@given(
    st.sampled_from(["http", "https"]), _hosts, st.sampled_from(["", ":80", ":443", ":8080"]), _rest
)
def test_every_form_is_a_fixed_point(scheme: str, host: str, port: str, rest: str) -> None:
    url = f"{scheme}://{host}{port}/{rest}"
    assert checked(checked(url)) == checked(url)
    assert cleaned(cleaned(url)) == cleaned(url)
    key = canonical_key(url)
    assert canonical_key(key) == key
    assert canonical_key(cleaned(url)) == key


@given(st.text())
def test_no_text_makes_anything_but_an_address_or_a_refusal(text: str) -> None:
    for function in (checked, cleaned, canonical_key):
        try:
            url = function(text, *([] if function is not checked else ["https://courier.example/"]))
        except Refused:
            continue
        assert url.isascii()
        assert host_of(url)
