"""Conversations: joined by ids, Gmail's thread or subject, and the same whatever the order."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from detection.correspondence.mail.message import read_message
from detection.correspondence.mail.threads import distinct_messages, threads_of
from detection.correspondence.records import Address, MailMessage

DAY = datetime(2024, 3, 1, 9, tzinfo=UTC)
BLANK = read_message(b"Subject: x\n\nbody")


def mail(name: str, subject: str = "Quote for pumps", day: float | None = 0, **more) -> MailMessage:
    said = hashlib.sha256(repr((name, subject, day, sorted(more.items()))).encode()).hexdigest()
    return replace(
        BLANK,
        sha256=said,
        message_id=f"{name}@x.example",
        is_id_made=False,
        subject=subject,
        sent_at=None if day is None else DAY + timedelta(days=day),
        **{"sender": Address(None, "ann@x.example"), **more},
    )


def ids(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}@x.example" for name in names)


def groups(mails: list[MailMessage]) -> list[tuple[str, ...]]:
    return [thread.message_ids for thread in threads_of(mails)]


def test_answers_join_what_they_name_even_where_it_is_not_at_hand():
    mails = [
        mail("a", day=0),
        mail("b", "Re: Quote", 1, in_reply_to=ids("a")),
        mail("c", "Other words", 2, references=ids("gone", "b")),
        mail("d", "Again", 3, references=ids("gone")),
        mail("e", "Alone", 4),
    ]
    assert groups(mails) == [ids("a", "b", "c", "d"), ids("e")]


def test_gmail_threads_join_without_ids():
    mails = [mail("a", gmail_thread_id="7"), mail("b", "New words", 90, gmail_thread_id="7"),
             mail("c", "Third", 91, gmail_thread_id="8")]  # fmt: skip
    assert groups(mails) == [ids("a", "b"), ids("c")]


def test_an_answer_without_ids_joins_by_subject_people_and_time():
    other = {"sender": Address(None, "zed@z.example")}
    mails = [
        mail("a"),
        mail("b", "AW: Quote for pumps", 2),
        mail("late", "Re: Quote for pumps", 60),
        mail("stranger", "Re: Quote for pumps", 3, **other),
        mail("new", "Quote for pumps", 4),
        mail("short", "fyi", 5),
        mail("short2", "Re: fyi", 5.1),
    ]
    assert groups(mails) == [
        ids("a", "b"), ids("stranger"), ids("new"), ids("short"), ids("short2"), ids("late"),
    ]  # fmt: skip


def test_a_thread_says_its_subject_and_times():
    [thread] = threads_of(
        [mail("b", "Re: Quote", 1, references=ids("a")), mail("a", "Quote"),
         mail("c", "Re: Quote", None, references=ids("a"))]
    )  # fmt: skip
    assert (thread.subject, thread.started_at, thread.last_at) == ("quote", DAY, DAY + timedelta(1))
    assert thread.message_ids == ids("a", "b", "c")


def test_a_thread_keeps_its_id_as_it_grows():
    first = [mail("a"), mail("b", "Re: Quote", 1, references=ids("a"))]
    [before] = threads_of(first)
    [after] = threads_of([*first, mail("c", "Re: Quote", 2, references=ids("a", "b"))])
    [answer_only] = threads_of(first[1:])
    assert before.thread_id == after.thread_id == answer_only.thread_id
    assert len(before.thread_id) == 24


def test_one_mail_from_two_files_is_one_with_the_labels_of_both():
    sent = mail("a", gmail_labels=("Sent",), body_text="long text")
    copy = mail("a", gmail_labels=("Archive",), body_text="long", gmail_thread_id="9")
    [kept] = distinct_messages([copy, sent, sent])
    assert (kept.body_text, kept.gmail_labels, kept.gmail_thread_id) == (
        "long text", ("Archive", "Sent"), "9")  # fmt: skip


NAMES = st.sampled_from("abcdefgh")
MAILS = st.builds(
    lambda name, subject, day, refs, reply, number, who: mail(
        name, subject, day, references=ids(*refs), in_reply_to=ids(*reply),
        gmail_thread_id=number, sender=Address(None, f"{who}@x.example"),
    ),
    NAMES,
    st.sampled_from(["Quote for pumps", "Re: Quote for pumps", "Fwd: valves", "Re: valves"]),
    st.none() | st.integers(0, 90),
    st.lists(NAMES, max_size=3),
    st.lists(NAMES, max_size=1),
    st.none() | st.sampled_from(["1", "2"]),
    st.sampled_from("xyz"),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(MAILS, max_size=10), st.data())
def test_order_repetition_and_files_change_nothing(mails, data):
    expected = threads_of(mails)
    shuffled = data.draw(st.permutations(mails))
    again = data.draw(st.lists(st.sampled_from(mails), max_size=5)) if mails else []
    assert threads_of([*shuffled, *again]) == expected
    assert threads_of(distinct_messages(shuffled)) == expected
    listed = [name for thread in expected for name in thread.message_ids]
    assert sorted(listed) == sorted({one.message_id for one in mails})
    assert len({thread.thread_id for thread in expected}) == len(expected)
