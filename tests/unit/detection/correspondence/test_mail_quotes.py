"""Quoted mails, forwards and signatures off: ten programs, many languages, text and HTML."""

from __future__ import annotations

import pytest

from detection.correspondence.mail.forwards import inline_forwards, written_date
from detection.correspondence.mail.html_text import html_to_text
from detection.correspondence.mail.quotes import split_quotes
from detection.correspondence.mail.signatures import split_signature
from detection.correspondence.mail.subjects import bare_subject, is_answer, is_forward
from detection.correspondence.records import Address

NEW = "Yes, 500 units by May.\n\nCan you confirm?"

#: Program or language: what it writes between the answer and the mail that is answered.
PLAIN = {
    "Gmail": "On Mon, Apr 2, 2012 at 6:26 PM, Ann Lee <ann@x.example> wrote:\n\n> Old"
    " words\n> more",
    "Gmail wrapped": "On Mon, Apr 2, 2012 at 6:26 PM Ann Lee of the purchasing office\n"
    "<ann.lee.purchasing@x.example> wrote:\n\n> Old words",
    "Apple Mail": "On Apr 3, 2012, at 4:19 PM, Ann wrote:\n\n> Old words",
    "Apple Mail without a blank line": "> On 22 Aug 2015, at 19:21, Ann <ann@x.example>"
    " wrote:\n>\n> Old",
    "Thunderbird": "On 04/02/2012 06:26 PM, Ann Lee wrote:\n> Old words",
    "Outlook": "From: Ann Lee [mailto:ann@x.example]\nSent: Monday, March 9, 2012 4:22 PM\n"
    "To: Bob\nSubject: RFQ\n\nOld words",
    "Outlook with a rule": "________________________________\nFrom: Ann Lee <ann@x.example>\n"
    "Sent: Monday, March 9, 2012 4:22 PM\nTo: Bob <bob@y.example>\nCc: Cy\nSubject:"
    " RFQ\n\nOld words",
    "Outlook Express": "----- Original Message ----- \nFrom: Ann\nTo: Bob\n"
    "Sent: Monday, April 2, 2012 5:44 PM\nSubject: RFQ\n\nOld words",
    "AOL": "-----Original Message-----\nFrom: Ann <ann@x.example>\nSent: Mon, Apr 2, 2012"
    " 5:49 pm\n\nOld",
    "Hotmail": "> Subject: RFQ\n> From: ann@x.example\n> To: bob@y.example\n> Date: 2 Apr"
    " 2012\n> \n> Old",
    "Yahoo": "--- On Mon, 4/2/12, Ann Lee <ann@x.example> wrote:\n\n> Old words",
    "Lotus Notes": "Ann Lee\n03/05/2001 04:23 PM\nTo: Bob Ray/HOU/Corp@CORP, Cy\n"
    " Dee/HOU/Corp@CORP\n"
    "cc: \nSubject: RFQ\n\nOld words",
    "Lotus Notes on one line": "Ann Lee@CORP on 03/05/2001 04:23:10 PM\nTo: Bob Ray\ncc:\n"
    "Subject: RFQ\n\nOld words",
    "Lotus Notes without sender": "To: Bob Ray\ncc: Cy Dee\nSubject: RFQ\n\nOld words",
    "Mutt": "Ann Lee <ann@x.example> writes:\n> Old words",
    "Outlook for phones": "Get Outlook for iOS\n________________________________\n"
    "From: Ann <ann@x.example>\nSent: Friday, May 5, 2023 1:00:00 PM\nTo: Bob\nSubject: RFQ\n\nOld",
    "German": "Am 02.04.2012 um 18:26 schrieb Ann Lee:\n\n> Alte Worte",
    "German, name last": "Am Mo., 2. Apr. 2012 um 18:26 Uhr schrieb Ann"
    " Lee\n<ann@x.example>:\n\n> Alt",
    "German Outlook": "Von: Ann Lee\nGesendet: Montag, 2. April 2012 18:26\nAn:"
    " Bob\nBetreff: RFQ\n\nAlt",
    "German line": "-----Ursprüngliche Nachricht-----\nVon: Ann\nGesendet: 2.4.\nBetreff: x\n\nAlt",
    "French": "Le 2 avr. 2012 à 18:26, Ann Lee <ann@x.example> a écrit :\n\n> Vieux",
    "French Outlook": "De : Ann Lee\nEnvoyé : lundi 2 avril 2012 18:26\nÀ : Bob\nObjet :"
    " RFQ\n\nVieux",
    "Spanish": "El 2 abr 2012, a las 18:26, Ann Lee escribió:\n\n> Viejo",
    "Spanish Outlook": "De: Ann Lee\nEnviado el: lunes, 2 de abril\nPara: Bob\nAsunto:"
    " RFQ\n\nViejo",
    "Italian": "Il giorno 2 apr 2012, alle ore 18:26, Ann Lee ha scritto:\n\n> Vecchio",
    "Portuguese": "Em seg., 2 de abr. de 2012 às 18:26, Ann <ann@x.example> escreveu:\n\n> Velho",
    "Dutch": "Op 2 apr. 2012 om 18:26 schreef Ann Lee <ann@x.example>:\n\n> Oud",
    "Dutch Outlook": "Van: Ann Lee\nVerzonden: maandag 2 april 2012\nAan: Bob\nOnderwerp:"
    " RFQ\n\nOud",
    "Swedish": "Den 2 april 2012 18:26 skrev Ann Lee <ann@x.example>:\n\n> Gammalt",
    "Danish": "Den man. 2. apr. 2012 kl. 18.26 skrev Ann Lee <ann@x.example>:\n\n> Gammel",
    "Polish": "W dniu 2.04.2012 o 18:26, Ann Lee pisze:\n> Stare",
    "Polish Gmail": "pon., 2 kwi 2012 o 18:26 Ann Lee <ann@x.example> napisał(a):\n\n> Stare",
    "Russian": "2 апреля 2012 г., 18:26 пользователь Ann <ann@x.example> написал:\n\n> Старое",
    "Russian Outlook": "От: Ann Lee\nОтправлено: 2 апреля 2012 г. 18:26\nКому: Bob\nТема:"
    " RFQ\n\nСтарое",
    "Without a verb": "2012年4月2日(月) 18:26 Ann Lee <ann@x.example>:\n\n> 古い",
    "Chinese": "Ann Lee <ann@x.example> 于2012年4月2日周一 下午6:26写道：\n\n> 旧",
    "Turkish": "Ann Lee <ann@x.example>, 2 Nis 2012 Pzt, 18:26 tarihinde şunu yazdı:\n\n> Eski",
    "Finnish": "Ann Lee kirjoitti 2.4.2012 klo 18.26:\n> Vanha",
    "Czech": "Dne 2.4.2012 v 18:26 Ann Lee napsal(a):\n> Staré",
}  # fmt: skip


@pytest.mark.parametrize("client", PLAIN)
def test_what_is_answered_is_taken_off(client):
    split = split_quotes(f"{NEW}\n\n{PLAIN[client]}\n")
    kept, signature = split_signature(split.new)
    assert kept == NEW
    assert signature in ("", "Get Outlook for iOS")
    assert split.quoted.splitlines()[-1] == PLAIN[client].splitlines()[-1]
    assert split.forwarded == ""


HTML = {
    "Gmail": '<div dir="ltr">{}</div><br><div class="gmail_quote"><div'
    ' class="gmail_attr">Pä 2.4. Ann:'
    '<br></div><blockquote class="gmail_quote">Old</blockquote></div>',
    "Apple Mail": "<div>{}</div><div><br><blockquote type='cite'><div>On 2 Apr 2012, at 18:26, Ann "
    "wrote:</div><div>Old</div></blockquote></div>",
    "Thunderbird": '<p>{}</p><div class="moz-cite-prefix">Ar 02/04/12 18:26, Ann:<br></div>'
    '<blockquote type="cite"><p>Old</p></blockquote>',
    "Outlook": "<div class=WordSection1><p class=MsoNormal>{}</p><div"
    " style='border:none;border-top:"
    "solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0'><p><b>From:</b> Ann<br><b>Sent:</b>"
    " Monday<br><b>To:</b>"
    " Bob<br><b>Subject:</b> RFQ</p></div><p>Old</p></div>",
    "Outlook on the web": '<div>{}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">'
    "<b>Feladó:</b> Ann<br><b>Elküldve:</b> hétfő<br><b>Címzett:</b> Bob<br></div><div>Old</div>",
    "Outlook for Mac": "<div>{}</div><span"
    ' id="OLK_SRC_BODY_SECTION"><div>Ann</div><div>Old</div></span>',
    "Yahoo": '<div>{}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>Hier schrieb jemand'
    "</div><div>Old</div></div>",
    "Zimbra": '<div>{}</div><hr id="zwchr"><div><b>From: </b>Ann<br><b>To:'
    " </b>Bob<br></div><div>Old</div>",
    "Hotmail": '<div>{}</div><hr id="stopSpelling">Date: Mon<br>From: a@x.example<br>To:'
    " b@y.example"
    "<br><br>Old",
    "Proton": '<div>{}</div><div class="protonmail_quote">------- Message -------<br>Old</div>',
}


@pytest.mark.parametrize("client", HTML)
def test_what_is_answered_in_html_is_taken_off(client):
    html = HTML[client].format("Yes, 500 units by May.<br><br>Can you confirm?")
    split = split_quotes(html_to_text(html))
    assert split.new == NEW
    assert split.quoted.splitlines()[-1].strip("> ") == "Old"


def test_answers_between_and_below_quoted_lines_are_kept():
    text = (
        "On Mon, Apr 2, 2012 at 6:26 PM, Ann <ann@x.example> wrote:\n> How many?\n500.\n"
        "> When?\nBy May.\n\nBob"
    )
    split = split_quotes(text)
    assert split.new == "500.\nBy May.\n\nBob"
    assert split.quoted.splitlines()[1:] == ["> How many?", "> When?"]
    html = (
        "<div class='moz-cite-prefix'>On 1/2/12 10:00, Ann wrote:</div>"
        "<blockquote>How many?</blockquote><p>500.</p>"
    )
    assert split_quotes(html_to_text(html)).new == "500."


@pytest.mark.parametrize(
    "text",
    [
        "As our manual said in 2012:\nturn it on.",
        "Ann wrote:\nwe shall see.",
        "To: all of you\nThank you for the work.",
        "Subject: to approval we order 500.",
        "From: Hamburg\nBy ship\nTo: Oslo",
        "Price: 5\nDate: open\nQuantity: 500",
        "Total\n-----\n500",
        "I wrote to you on 2 May 2012, and you said no.",
        "- one\n- two\n* three",
    ],
)
def test_own_words_that_look_like_a_quotation_stay(text):
    assert split_quotes(text).new == text


FORWARDS = {
    "Gmail": "---------- Forwarded message ---------\nFrom: Zed <z@z.example>\nDate: Mon,"
    " Apr 2, 2012 at"
    " 5:49 PM\nSubject: Old\nTo: <ann@x.example>\n\nOriginal",
    "Apple Mail": "Begin forwarded message:\n\n> From: Zed <z@z.example>\n> Subject: Old\n> Date: "
    "April 2, 2012 at 5:49:00 PM GMT\n> To: ann@x.example\n> \n> Original",
    "Thunderbird": "-------- Forwarded Message --------\nSubject: \tOld\nDate: \tMon, 2 Apr"
    " 2012 17:49:00"
    " +0000\nFrom: \tZed <z@z.example>\nTo: \tann@x.example\n\nOriginal",
    "German": "-------- Weitergeleitete Nachricht --------\nBetreff: Old\nDatum: Mon, 2 Apr"
    " 2012 17:49:00"
    " +0000\nVon: Zed <z@z.example>\nAn: ann@x.example\n\nOriginal",
    "French": "---------- Message transféré ----------\nDe : Zed <z@z.example>\nDate : Mon,"
    " 2 Apr 2012 "
    "17:49:00 +0000\nObjet : Old\nÀ : ann@x.example\n\nOriginal",
    "Outlook": "-----Original Message-----\nFrom: Zed [mailto:z@z.example]\nSent: Monday,"
    " April 2, 2012 "
    "5:49 PM\nTo: ann@x.example\nSubject: Old\n\nOriginal",
}


@pytest.mark.parametrize("client", FORWARDS)
def test_what_is_passed_on_is_read_as_a_mail(client):
    split = split_quotes(f"Please have a look.\n\n{FORWARDS[client]}", is_forward=True)
    assert split.new == "Please have a look."
    [mail] = inline_forwards(split.forwarded)
    assert mail.sender is not None
    assert (mail.sender.address, mail.subject, mail.body_text) == ("z@z.example", "Old", "Original")
    assert mail.sent_at == written_date("Mon, 2 Apr 2012 17:49:00 +0000")
    assert mail.recipients == (Address(None, "ann@x.example"),)


def test_lotus_notes_forwards_and_chains():
    text = (
        "For you.\n---------------------- Forwarded by Ann Lee/HOU/Corp on 03/06/2001 \n"
        "08:54 AM ---------------------------\n\n\nZed Zon\n03/05/2001 04:23 PM\nTo: Ann Lee/HOU\n"
        "cc: Cy Dee\n\nSubject: Old\n\nSee below.\n\n-----Original Message-----\n"
        "From: Eve\nSent: Monday, March 5, 2001 9:00 AM\nTo: Zed\nSubject: Oldest\n\nFirst words"
    )
    split = split_quotes(text)
    assert split.new == "For you."
    first, second = inline_forwards(split.forwarded)
    assert (first.subject, first.body_text) == ("Old", "See below.")
    assert (second.sender, second.subject) == (Address("Eve", None), "Oldest")
    assert second.body_text == "First words"


def test_lotus_notes_with_a_secretary_above_its_block():
    notes = (
        "\tKaty Lee\n\tSent by: Bob Ray\n\t04/02/2001 08:56 AM\n\t\t \n\t\t To: ann@x.example\n"
        "\t\t cc: \n\t\t Subject: Valves\n\nWe need valves."
    )
    split = split_quotes(f"Fine.\n\n{notes}")
    assert split.new == "Fine."
    assert "Katy Lee" in split.quoted
    [mail] = inline_forwards(f"\n{notes}")
    assert mail.sender == Address("Katy Lee", None)
    assert (mail.subject, mail.sent_at, mail.body_text) == ("Valves", None, "We need valves.")


def test_a_forward_without_own_words_has_none():
    split = split_quotes(FORWARDS["Outlook"])
    assert split.new == ""
    assert inline_forwards(split.forwarded)[0].body_text == "Original"


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("Monday, April 2, 2012 5:49 PM", 17),
        ("Mon, Apr 2, 2012 at 12:05 AM", 0),
        ("April 2, 2012 17:49", 17),
        ("03/04/2012 17:49", None),
        ("Montag, 2. April 2012 18:26", None),
        ("February 31, 2012 10:00", None),
    ],
)
def test_times_above_a_quotation(value, hour):
    read = written_date(value)
    assert (read.hour if read else None) == hour


BODY = "Please send the quote for 500 units.\nWe need it by May."
SIGNATURES = [
    "-- \nAnn Lee\nBuyer",
    "--\nAnn",
    "Best regards,\nAnn Lee\nPurchasing\nBuyer GmbH\n+49 30 1234567",
    "Thanks,\nAnn",
    "Thanks, Ann",
    "Mit freundlichen Grüßen\n\nAnn Lee\nEinkauf",
    "Cordialement,\nAnn",
    "С уважением,\nАнна",
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPad",
    "Get Outlook for Android",
    "Cheers\nAnn\n\nSent from my phone",
    "Ann",
    "-Ann",
    "AL",
    "Ann Lee\nChief Buyer\nann@buyer.example\n(555) 123-4567",
    "________________\nAnn Lee\nBuyer GmbH\nwww.buyer.example",
    "Regards,\nAnn\n\nThis e-mail and any attachments are confidential. If you are not the"
    " intended\n"
    "recipient, please delete it.",
    "CONFIDENTIALITY NOTICE: the words above are meant for somebody.",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signatures_are_taken_off(signature):
    kept, found = split_signature(
        f"{BODY}\n\n{signature}\n", Address("Ann Lee", "ann@buyer.example")
    )
    assert (kept, found) == (BODY, signature)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nyour quote of Monday is fine, please send 500 units to Oslo.",
        "Thanks for the quote.\nWe take 500 at 4.20 each.",
        "We take:\n500 pumps\n20 valves",
        "Please call Bob on (555) 123-4567 about the price.",
        "Ann said so, and we agree with what she said about it.",
        "The price is 4.20.\n\nOK?",
        "He waited\n--\nand then he said that the price is too high for the whole batch.\nSo no.",
        "Thanks,\n\nConfirmed.\n\nAnn",
        "Bob Ray 312 555 1234\nCy Dee 312 555 9876\nEve Zon 312 555 4567",
        "",
    ],
)
def test_own_words_at_the_end_stay(text):
    assert split_signature(text, Address("Ann Lee", "ann@buyer.example")) == (text, "")


def test_thanks_and_a_name_alone_are_a_signature():
    ann = Address("Ann Lee", "ann@buyer.example")
    assert split_signature("Thanks,\nAnn", ann) == ("", "Thanks,\nAnn")


@pytest.mark.parametrize(
    ("subject", "bare", "answer", "forward"),
    [
        ("Re: Quote", "quote", True, False),
        ("RE: FW: Re[2]: Quote  500", "quote 500", True, False),
        ("Fwd: Quote", "quote", False, True),
        ("AW: WG: Angebot", "angebot", True, False),
        ("[sales] Re: Quote", "quote", True, False),
        ("TR : Devis", "devis", False, True),
        ("答复: 报价", "报价", True, False),
        ("Quote (fwd)", "quote", False, True),
        ("Reply needed: quote", "reply needed: quote", False, False),
        ("I: need a quote", "need a quote", False, True),
        ("", "", False, False),
    ],
)
def test_subjects(subject, bare, answer, forward):
    assert (bare_subject(subject), is_answer(subject), is_forward(subject)) == (
        bare,
        answer,
        forward,
    )
