"""MIME to a message: ids, people, text in any character set, files, forwards, and hostile mail."""

from __future__ import annotations

import base64
import hashlib
import time
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.headers import addresses_of, decoded_words, utc_date
from detection.correspondence.mail.html_text import html_to_text
from detection.correspondence.mail.limits import MailLimits, MailRefusedError
from detection.correspondence.mail.message import read_message
from detection.correspondence.records import Address

HEAD = (
    b'From: Ann Lee <Ann@Buyer.example>\nTo: "Ray, Bob" <bob@vendor.example>, c@vendor.example\n'
    b"Cc: Dora <dora@buyer.example>\nDate: Mon, 2 Apr 2012 18:22:10 +0400\n"
    b"Message-ID: <m1@buyer.example>\nIn-Reply-To: <m0@vendor.example>\n"
    b"References: <r@vendor.example>\n <m0@vendor.example>\nSubject: RFQ 500 pumps\n"
)


def plain(body: bytes, kind: bytes = b"text/plain; charset=utf-8", more: bytes = b"") -> bytes:
    return HEAD + b"Content-Type: " + kind + b"\n" + more + b"\n" + body


def several(kind: bytes, *parts: bytes, head: bytes = HEAD) -> bytes:
    inner = b"".join(b"--b0\n" + part + b"\n" for part in parts)
    return head + b'Content-Type: %s; boundary="b0"\n\n' % kind + inner + b"--b0--\n"


def test_headers_of_a_mail():
    mail = read_message(plain(b"Please quote.\n", more=b"X-GM-THRID: 1711\n"
                              b"X-Gmail-Labels: =?UTF-8?Q?Inbox,K=C3=A4ufe?=\n"))  # fmt: skip
    assert (mail.message_id, mail.is_id_made) == ("m1@buyer.example", False)
    assert mail.in_reply_to == ("m0@vendor.example",)
    assert mail.references == ("r@vendor.example", "m0@vendor.example")
    assert mail.sender == Address("Ann Lee", "ann@buyer.example")
    assert mail.sender.domain == "buyer.example"
    assert mail.to == (Address("Ray, Bob", "bob@vendor.example"), Address(None, "c@vendor.example"))
    assert mail.cc == (Address("Dora", "dora@buyer.example"),)
    assert mail.sent_at == datetime(2012, 4, 2, 14, 22, 10, tzinfo=UTC)
    assert mail.subject == "RFQ 500 pumps"
    assert (mail.gmail_thread_id, mail.gmail_labels) == ("1711", ("Inbox", "Käufe"))
    assert (mail.body_text, mail.body_kind, mail.charset) == ("Please quote.", "plain", "utf-8")
    assert mail.defects == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Lee, Ann <a@x.example>, b@x.example",
         (Address("Lee, Ann", "a@x.example"), Address(None, "b@x.example"))),
        ("a@x.example; Bob <b@x.example>",
         (Address(None, "a@x.example"), Address("Bob", "b@x.example"))),
        ("=?utf-8?q?J=C3=BCrgen_Gro=C3=9F?= <j@x.example>",
         (Address("Jürgen Groß", "j@x.example"),)),
        ("undisclosed-recipients:;", ()),
        ("Team: a@x.example, b@x.example;",
         (Address(None, "a@x.example"), Address(None, "b@x.example"))),
        ("ann at x.example (Ann Lee)", (Address("Ann Lee", "ann@x.example"),)),
        ("\"a@x.example\" <a@x.example>", (Address(None, "a@x.example"),)),
        ("a@x.example, a@x.example", (Address(None, "a@x.example"),)),
        ("Ann Lee", (Address("Ann Lee", None),)),
    ],
)  # fmt: skip
def test_people_in_every_shape(value, expected):
    assert addresses_of([value]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?ISO-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?B?4oKs?= 5", "€ 5"),
        ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        ("=?gb2312?B?zrfLuQ?=", "畏斯"),
        ("=?x-unknown?Q?caf=C3=A9?=", "café"),
        ("=?utf-8*en?Q?with_language?=", "with language"),
        ("Re: =?utf-8?Q?two?= =?iso-8859-1?Q?_s=E4tze?= end", "Re: two sätze end"),
        ("=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
    ],
)
def test_encoded_words(value, expected):
    assert decoded_words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Tue, 6 Mar 2001 00:59:00 -0800 (PST)", datetime(2001, 3, 6, 8, 59, tzinfo=UTC)),
        ("6 Mar 2001 00:59 GMT", datetime(2001, 3, 6, 0, 59, tzinfo=UTC)),
        ("yesterday", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 99 Nov 2016 99:00:00 +0000", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_nothing(value, expected):
    assert utc_date(value) == expected


@pytest.mark.parametrize(
    ("raw", "declared", "text", "codec"),
    [
        ("5 € ä".encode("cp1252"), "iso-8859-1", "5 € ä", "cp1252"),
        ("größe".encode(), "us-ascii", "größe", "utf-8"),
        ("größe".encode("cp1252"), "utf-8", "größe", "cp1252"),
        ("見積もり".encode("iso2022_jp"), "ISO-2022-JP", "見積もり", "iso2022_jp_2"),
        ("見積もり".encode("iso2022_jp"), None, "見積もり", "iso2022_jp_2"),
        ("견적서".encode("cp949"), "ks_c_5601-1987", "견적서", "cp949"),
        ("报价".encode("gb18030"), "gb2312", "报价", "gb18030"),
        ("цена".encode("koi8_r"), "koi8-r", "цена", "koi8-r"),
        (b"plain", "no-such-set", "plain", "ascii"),
        (b"cGxhaW4=", "base64", "cGxhaW4=", "ascii"),
        (b"\xff\xfea\x00b\x00", None, "ab", "utf-16"),
        (b"caf\xe9 au lait, s'il vous plait", None, "café au lait, s'il vous plait", "cp1252"),
    ],
)
def test_character_sets(raw, declared, text, codec):
    assert decode(raw, declared) == (text, codec)


def test_the_set_that_html_names_itself():
    html = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>цена</p>'
    mail = read_message(plain(html.encode("koi8_r"), b"text/html"))
    assert (mail.body_text, mail.charset, mail.body_kind) == ("цена", "koi8-r", "html")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (b"base64", base64.encodebytes("Größe 5 €".encode())),
        (b"base64", base64.b64encode("Größe 5 €".encode()).rstrip(b"=") + b"\n!"),
        (b"quoted-printable", "Größe 5 €".encode().replace(b"\xc3", b"=C3")),
        (b"QUOTED-PRINTABLE;", b"Gr=C3=B6=C3=9Fe =\n5 =E2=82=AC"),
        (b"8bit", "Größe 5 €".encode()),
        (b"no-such", "Größe 5 €".encode()),
    ],
)
def test_transfer_encodings(encoding, body):
    more = b"Content-Transfer-Encoding: " + encoding + b"\n"
    assert read_message(plain(body, more=more)).body_text == "Größe 5 €"


def test_plain_text_is_preferred_and_html_is_read_where_it_stands_alone_or_says_more():
    html = b"Content-Type: text/html\n\n<p>From <b>html</b></p>" + b"<p>words</p>" * 200
    said = several(
        b"multipart/alternative", b"Content-Type: text/plain\n\nFrom plain " + b"w " * 90, html
    )
    assert read_message(said).body_kind == "plain"
    stub = several(b"multipart/alternative", b"Content-Type: text/plain\n\nUse HTML.", html)
    assert read_message(stub).body_kind == "html"
    alone = read_message(several(b"multipart/alternative", html))
    assert alone.body_text.startswith("From html\n\nwords")


def test_html_as_text():
    html = (
        "<html><head><title>t</title><style>p{color:red}</style></head><body><!-- no -->"
        "<p>Hello&nbsp;&amp; welcome<br>second <i>line</i></p><script>alert(1)</script>"
        "<div style='display:none'>hidden<div>x</div></div><ul><li>one</li><li>two</li></ul>"
        "<table><tr><td>Qty</td><td>500</td></tr></table><pre>a\n  b</pre></body></html>"
    )
    assert html_to_text(html) == (
        "Hello & welcome\nsecond line\n\n- one\n- two\n\nQty 500\n\na\n  b"
    )


def test_flowed_lines_are_joined_but_not_the_signature():
    mail = read_message(plain(b"We need \n500 pumps.\nSoon.\n-- \nAnn\n",
                              b"text/plain; charset=us-ascii; format=flowed"))  # fmt: skip
    assert mail.new_text == "We need 500 pumps.\nSoon."
    assert mail.signature == "-- \nAnn"


def test_attachments_are_listed_and_never_opened():
    content = b"PK\x03\x04" + bytes(range(256))
    part = (
        b'Content-Type: application/zip; name="../../etc/pass\\wd"\n'
        b"Content-Disposition: attachment; filename*=UTF-8''..%2F..%2Fangebot%20gro%C3%9F.zip\n"
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content)
    )
    picture = b"Content-Type: image/png\nContent-ID: <p>\nContent-Disposition: inline\n\nPNG"
    text = b"Content-Type: text/plain\n\nSee attached."
    listed = b"Content-Type: text/csv; name=list.csv\n\na,b"
    mail = read_message(several(b"multipart/mixed", text, part, picture, listed))
    assert mail.body_text == "See attached."
    packed, shown, table = mail.attachments
    assert (packed.name, packed.media_type, packed.size) == (
        "angebot groß.zip", "application/zip", len(content))  # fmt: skip
    assert packed.sha256 == hashlib.sha256(content).hexdigest()
    assert (packed.is_inline, shown.is_inline, shown.name) == (False, True, None)
    assert (table.name, table.media_type, table.size) == ("list.csv", "text/csv", 3)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("..\\\\..\\\\windows\\\\system32\\\\x.exe", "x.exe"),
        ("/etc/passwd", "passwd"),
        ("...", None),
        (".bashrc", "bashrc"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a" * 500 + ".pdf", "a" * 196 + ".pdf"),
        ("=?utf-8?q?Angebot_=C3=A4?=.pdf", "Angebot ä.pdf"),
    ],
)
def test_names_of_files_bear_no_path_and_no_trick(said, name):
    part = f'Content-Type: application/x; name="{said}"\n\nx'.encode()
    [attachment] = read_message(several(b"multipart/mixed", part)).attachments
    assert attachment.name == name


def test_an_attached_mail_is_unwrapped_with_the_files_in_it():
    inner = several(
        b"multipart/mixed",
        b"Content-Type: text/plain\n\nOriginal words",
        b"Content-Type: application/pdf; name=quote.pdf\n\nPDF",
        head=b"From: Zed <zed@z.example>\nTo: ann@buyer.example\nSubject: Old\n"
        b"Date: Sun, 1 Apr 2012 10:00:00 +0000\nMessage-ID: <z@z.example>\n",
    ).replace(b"b0", b"inner")
    raw = several(b"multipart/mixed", b"Content-Type: text/plain\n\nFYI",
                  b"Content-Type: message/rfc822\n\n" + inner)  # fmt: skip
    mail = read_message(raw)
    [forward] = mail.forwards
    assert (forward.kind, forward.subject, forward.body_text) == (
        "attached",
        "Old",
        "Original words",
    )
    assert forward.sender == Address("Zed", "zed@z.example")
    assert forward.sent_at == datetime(2012, 4, 1, 10, tzinfo=UTC)
    assert forward.message_id == "z@z.example"
    assert mail.new_text == "FYI"
    assert [a.name for a in mail.attachments] == ["quote.pdf"]


def test_a_pasted_forward_is_unwrapped():
    body = (
        b"Can we make this?\n\n---------- Forwarded message ---------\n"
        b"From: Zed Zon <zed@z.example>\nDate: Mon, Apr 2, 2012 at 5:49 PM\n"
        b"Subject: RFQ\nTo: Ann Lee <ann@buyer.example>\n\n\nWe need 300 valves.\n"
    )
    mail = read_message(plain(body))
    assert mail.new_text == "Can we make this?"
    [forward] = mail.forwards
    assert forward.sender == Address("Zed Zon", "zed@z.example")
    assert forward.sent_at == datetime(2012, 4, 2, 17, 49, tzinfo=UTC)
    assert (forward.subject, forward.body_text) == ("RFQ", "We need 300 valves.")
    assert forward.recipients == (Address("Ann Lee", "ann@buyer.example"),)


@pytest.mark.parametrize(
    ("raw", "text", "defect"),
    [
        (several(b"multipart/mixed", b"\nNo end").replace(b"--b0--\n", b""), "No end",
         "boundary_not_closed"),
        (HEAD + b"Content-Type: multipart/mixed\n\nJust text", "Just text", "boundary_missing"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=x\n\nJust text", "Just text",
         "boundary_never_used"),
        (HEAD + b"Content-Type: ;;;\n\nJust text", "Just text", "content_type_unreadable"),
        (HEAD.replace(b"Date: Mon, 2", b"Date: Foo, 77") + b"\nJust text", "Just text",
         "date_unreadable"),
        (b"\nno header at all\n", "", "headers_missing"),
    ],
)  # fmt: skip
def test_broken_structure_is_read_and_named(raw, text, defect):
    mail = read_message(raw)
    assert mail.body_text == text
    assert defect in mail.defects


def test_a_mail_without_an_id_gets_the_same_one_wherever_it_lies():
    raw = plain(b"Please quote.\n").replace(b"Message-ID: <m1@buyer.example>\n", b"")
    one = read_message(raw)
    other = read_message(raw.replace(b"\n\n", b"\nX-Gmail-Labels: Work\nReceived: by x\n\n", 1))
    assert one.is_id_made
    assert one.message_id == other.message_id
    assert read_message(raw.replace(b"quote", b"send")).message_id != one.message_id


def test_headers_go_on_behind_a_line_of_blanks():
    raw = b"From: a@x.example\nSubject: one\n \n two\nTo: b@x.example\n \nX-Y: z\n\nText\n \nmore"
    mail = read_message(raw)
    assert (mail.subject, mail.body_text) == ("one two", "Text\n \nmore")
    assert mail.to == (Address(None, "b@x.example"),)
    assert read_message(b"Subject: s\n \nText\n\nmore").body_text == "Text\n\nmore"


@pytest.mark.parametrize(
    ("headers", "is_bulk", "is_automatic"),
    [
        (b"List-Unsubscribe: <mailto:u@x.example>\n", True, False),
        (b"Precedence: bulk\n", True, False),
        (b"Auto-Submitted: auto-replied\n", False, True),
        (b"Auto-Submitted: no\n", False, False),
        (b"Sender: x\n", False, False),
    ],
)
def test_lists_and_machines(headers, is_bulk, is_automatic):
    mail = read_message(plain(b"x", more=headers))
    assert (mail.is_bulk, mail.is_automatic) == (is_bulk, is_automatic)
    sent = read_message(plain(b"x", more=headers).replace(b"Ann@Buyer", b"no-reply@Buyer"))
    assert sent.is_automatic


# --- hostile mail -------------------------------------------------------------------------------


def nested(levels: int) -> bytes:
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="n%d"\n\n--n%d\n' % (n, n) for n in range(levels)
    )
    return HEAD + opened + b"Content-Type: text/plain\n\nhi\n"


def wrapped(levels: int) -> bytes:
    return HEAD + b"Content-Type: message/rfc822\n\n" * levels + b"Subject: in\n\nhi\n"


def bomb() -> bytes:
    return several(b"multipart/mixed", *[b"Content-Type: text/plain\n\nx"] * 20_000)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (nested(50_000), "nested_too_deep"),
        (wrapped(50_000), "nested_too_deep"),
        (bomb(), "too_many_parts"),
        (b"X: " + b"a" * 3_000_000, "headers_too_large"),
        (b" \n\n", "message_empty"),
        (b"", "message_empty"),
    ],
)
def test_hostile_mail_is_refused_with_a_reason_in_bounded_time_and_memory(raw, rule):
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(MailRefusedError) as refused:
        read_message(raw)
    spent = time.process_time() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.rule == rule
    assert refused.value.reason
    assert spent < 5
    assert peak < 10 * len(raw) + 8 * 1024**2


def test_a_mail_beyond_the_size_is_refused_before_it_is_looked_at():
    with pytest.raises(MailRefusedError, match="message_too_large"):
        read_message(plain(b"x" * 100), MailLimits(message_bytes=50))


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 3_000_000,
        b"> " * 1_000_000,
        b"From: a\n" * 60_000,
        b"On 1 May 2020 at 10:00\n" * 50_000,
        b"wrote:\n" * 100_000,
        b"-----\n" * 100_000,
        b"\n" * 500_000,
        b"a@" * 300_000,
        b"1" * 200_000 + b" \n" + b"+1 (" * 60_000,
    ],
)
def test_long_lines_and_endless_repetition_cost_bounded_time(body):
    begun = time.process_time()
    mail = read_message(plain(body))
    assert len(mail.body_text) <= MailLimits().text_bytes
    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    "html",
    ["<div>" * 300_000, "<!--" * 300_000, "<a href='" * 100_000, "<style>" * 100_000,
     "<blockquote>x" * 50_000, "&" * 500_000, "<" * 500_000],
)  # fmt: skip
def test_hostile_html_costs_bounded_time(html):
    begun = time.process_time()
    text = html_to_text(html)
    assert len(text) <= 60 * len(html)
    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    "value",
    [b"(" * 30_000, b"=?utf-8?q?" * 6_000, b"<" * 30_000, b'"' * 30_001, b"a," * 30_000,
     b"a@b.example," * 5_000],
)  # fmt: skip
def test_hostile_headers_cost_bounded_time(value):
    begun = time.process_time()
    mail = read_message(
        b"From: " + value + b"\nTo: " + value + b"\nReferences: " + value + b"\n\nx"
    )
    assert len(mail.to) <= MailLimits().addresses
    assert len(mail.references) <= MailLimits().references
    assert time.process_time() - begun < 8


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [HEAD, b"\n", b"\r\n", b"--b0", b"--b0--", b"--", b"Content-Type: multipart/mixed; ",
             b'boundary="b0"', b"Content-Type: message/rfc822\n\n", b"charset=utf-8", b"base64",
             b"Content-Transfer-Encoding: ", b"=?utf-8?b?", b"?=", b"> ", b"From: ", b"\xff\xfe",
             b"<blockquote>", b"Content-Type: text/html\n\n", b"-- \n", b"wrote:", b"\x00", b"\x1d"]
        )
        | st.binary(max_size=12),
        max_size=30,
    )
)  # fmt: skip
def test_any_bytes_are_a_mail(pieces):
    raw = b"".join(pieces)
    if not raw.strip():
        with pytest.raises(MailRefusedError, match="message_empty"):
            read_message(raw)
        return
    mail = read_message(raw)
    assert mail.sha256 == hashlib.sha256(raw).hexdigest()
    assert "\x1d" not in mail.body_text + mail.new_text + mail.quoted_text
    assert mail == read_message(raw)
