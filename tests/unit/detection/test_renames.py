"""New names of companies in press language, and what only looks like one."""

import pytest

from detection.renames import may_tell, read_renames


@pytest.mark.parametrize(
    ("sentence", "old", "new", "status"),
    [
        ("Orbvane (formerly Tamforge Labs) opens an office in Leeds.", "Tamforge Labs", "Orbvane",
         "done"),
        ("Orbvane Inc., formerly known as Tamforge, has hired a CFO.", "Tamforge", "Orbvane Inc",
         "done"),
        ("Quillmere Holdings (f/k/a Dunholt Foods, Inc.) filed its report.", "Dunholt Foods, Inc",
         "Quillmere Holdings", "done"),
        ("Tamforge Labs rebrands as Orbvane", "Tamforge Labs", "Orbvane", "done"),
        ("Software maker Tamforge has rebranded to Orbvane after its merger.", "Tamforge",
         "Orbvane", "done"),
        ("Dunholt changes its name to Quillmere Group", "Dunholt", "Quillmere Group", "done"),
        ("Dunholt changed its corporate name from Dunholt Foods to Quillmere.", "Dunholt Foods",
         "Quillmere", "done"),
        ("Dunholt plans to rename itself Quillmere next year.", "Dunholt", "Quillmere", "planned"),
        ("In 2024 Dunholt renamed itself Quillmere.", "Dunholt", "Quillmere", "done"),
        ("Dunholt, now known as Quillmere, was founded in Turin.", "Dunholt", "Quillmere", "done"),
    ],
)  # fmt: skip
def test_a_new_name_is_read(sentence: str, old: str, new: str, status: str) -> None:
    (rename,) = read_renames([sentence])
    assert (rename.old_name, rename.new_name, rename.status) == (old, new, status)
    assert rename.sentence == sentence
    assert may_tell(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ida Brandt, formerly CFO of Tamforge, joins Orbvane.",
        "Orbvane has renamed its platform Lark.",
        "Will Tamforge rebrand as Orbvane?",
        "Tamforge may rebrand as Orbvane, people familiar with the matter said.",
        "Orbvane (formerly of Leeds) moves to York.",
        "Orbvane Inc., formerly known as Orbvane LLC, reported results.",
        "The company was previously profitable.",
        "It was bought by Tamforge and renamed Orbvane.",
        "Tamforge put money into a firm which was rebranded as Orbvane.",
        "It has offices in Boston, MA (formerly Newton, MA).",
    ],
)
def test_what_is_no_new_name_is_not_read(sentence: str) -> None:
    assert read_renames([sentence]) == []


def test_one_change_told_twice_is_one() -> None:
    told = read_renames(
        ["Tamforge rebrands as Orbvane", "Orbvane, formerly known as Tamforge, ..."]
    )
    assert [(r.old_name, r.confidence) for r in told] == [("Tamforge", 0.8)]
