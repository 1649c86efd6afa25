"""The measurement of mail on an invented folder: right readings give 1, planted faults less."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.evaluation import mail
from benchmarks.evaluation.mail import learned, parsing, stripping

FROM = "From a@x.example Mon Nov  7 18:44:27 2016\n"


def write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def labelled(folder: Path, count: int = 20) -> None:
    words = ("the customer accepts the price of the contract", "lunch with the kids on sunday")
    mails, rows = [], ["message_id,path,cats"]
    for n in range(count):
        mails.append(f"{FROM}Message-ID: <m{n}@x>\nSubject: s{n}\n\n{words[n % 2]}\n")
        rows.append(f'<m{n}@x>,p{n},"1,{1 + 3 * (n % 2)},2|3,6,1"')
    write(folder / "email/enron_labelled.mbox", "\n".join(mails))
    write(folder / "email/enron_labels.csv", "\n".join(rows) + "\n")
    lines = [f"{'Yes' if n % 2 else 'No'}\t{'please send' if n % 2 else 'we sent'} part {n}"
             for n in range(count)]  # fmt: skip
    write(folder / "email/intent_train.txt", "\n".join(lines))


def figures(folder: Path, train: Path | None = None) -> dict[str, tuple[float, int]]:
    return {m.name: (m.value, m.n) for m in mail.evaluate(folder, train).metrics}


def test_right_readings_give_one(tmp_path):
    labelled(tmp_path)
    write(tmp_path / "email/more/odd.eml", "Content-Type: text/plain; charset=utf-8\n\ngrün")
    write(tmp_path / "email/more/empty.eml", "")
    write(tmp_path / "email/replies/standard_replies/p.eml",
          "Subject: x\n\nHello\n\nOn 1 May 2020 at 10:00, A <a@x> wrote:\n\n> Hi")  # fmt: skip
    write(tmp_path / "email/replies/html_replies/p.html",
          "Hi. I am fine.<br>Thanks,<br>Alex<blockquote>Old</blockquote>")  # fmt: skip
    write(tmp_path / "email/replies/signature/emails/s/a_body", "All is well.\n\nThanks,\nAnn")
    write(tmp_path / "email/replies/signature/emails/s/a_signature", "Thanks,\nAnn")
    write(tmp_path / "email/replies/signature/emails/s/a_sender", "Ann")
    found = figures(tmp_path)
    assert found["mail.parsed"] == (1.0, 20 + 1 + 3)
    assert found["mail.quotes_stripped"] == (1.0, 2)
    assert found["mail.signatures_stripped"] == (1.0, 1)
    assert found["mail.requests.f1"] == (1.0, 20)
    assert found["mail.business_relevance.f1"] == (1.0, 20)
    assert found["mail.business_relevance.as_shipped.recall"] == (1.0, 10)


def test_planted_mistakes_lower_the_figures(tmp_path):
    labelled(tmp_path)
    labels = tmp_path / "email/enron_labels.csv"
    labels.write_text(labels.read_text() + '<gone@x>,p,"1,1,1"\n')
    write(tmp_path / "email/replies/standard_replies/p.eml", "Subject: x\n\nGood day\n\n> Hi")
    result = mail.evaluate(tmp_path)
    by_name = {m.name: m for m in result.metrics}
    assert by_name["mail.parsed"].value == pytest.approx(21 / 22)
    assert by_name["mail.quotes_stripped"].value == 0.0
    misses = [(m.metric, m.record, m.expected, m.got) for m in result.misses]
    assert ("mail.parsed", "enron_labelled.mbox", "21 mails", "20") in misses
    assert ("mail.quotes_stripped", "p.eml", "5 letters", "7 letters") in misses
    assert any("signature" in skipped for skipped in result.skipped)


def test_what_is_learnt_from_another_folder_is_that_folder_s(tmp_path):
    labelled(tmp_path / "data")
    labelled(tmp_path / "train")
    write(tmp_path / "train/email/intent_train.txt", "No\tplease send\nYes\twe sent\n")
    assert figures(tmp_path / "data")["mail.requests.f1"] == (1.0, 20)
    assert figures(tmp_path / "data", tmp_path / "train")["mail.requests.f1"] == (0.0, 20)


def test_an_empty_folder_is_named_not_measured(tmp_path):
    result = mail.evaluate(tmp_path)
    assert result.metrics == []
    assert len(result.skipped) == 5


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"Subject: x\n\nfine", ""),
        (b"", ""),
        (b"Content-Type: text/plain; charset=iso-8859-1\n\nM\xfcll 5 \x80", ""),
    ],
)
def test_faults_of_a_reading(raw, fault):
    assert parsing.fault_of(raw) == fault


def test_a_wrong_reading_is_a_fault(monkeypatch):
    read = parsing.read_message
    raw = b"Content-Type: text/plain; charset=koi8-r\n\n\xc3\xc5\xce\xc1"
    assert parsing.fault_of(raw) == ""
    monkeypatch.setattr(parsing, "read_message", lambda _: read(raw.replace(b"koi8-r", b"cp1251")))
    assert parsing.fault_of(raw) == "other characters"
    monkeypatch.setattr(parsing, "read_message", lambda _: 1 / 0)
    assert parsing.fault_of(raw) == "crashed: ZeroDivisionError"


def test_marks_of_genre():
    assert learned.most_marked("1,6,2|1,1,2|4,1,9") == "1"
    assert learned.most_marked("2,1,1") is None
    assert stripping.letters(" a\n b") == "ab"
