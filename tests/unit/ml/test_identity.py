"""Company linkage: names taken apart, pairs scored as Splink would, groups without chains."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from ml.identity import candidates, clusters, linkage, model, records, scoring, sketches
from ml.identity.addresses import phone_key, read_address
from ml.identity.names import acronym, read_name
from ml.identity.spelling import fold, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Borel Works, Inc.", "BOREL WORKS CORPORATION"),
        ("V K L N.V.", "VKL NV"),
        ("V.K.L. B. V.", "vkl"),
        ("Tamforge Inds. Ltd", "Tamforge Industries"),
        ("Tamforge Intl Tech", "TAMFORGE INTERNATIONAL TECHNOLOGIES PLC"),
        ("Orbvane GmbH & Co. KG", "Orbvane"),
        ("Plover AG, HANNOVER, DE", "Plover"),
        ("The Larkspur Company", "Larkspur, The"),
        ("Brightwell & Sons", "Brightwell and Sons Ltd"),
        ("Orbvane Corp /DE/", "Orbvane"),
        ("Larkspur Inc. Class A", "Larkspur"),
        ("AB Fjordmark", "Fjordmark AB"),
        ("ORBVANE GMBH KARL", "Karl Orbvane"),
        ("Плавер", "Plaver"),
        ("Café Lumière S.A.", "CAFE LUMIERE"),
        ("Phaedra Elektronik", "Faedra Electronics"),
        ("Vance Labs Inc., a Delaware corporation", "Vance Labs"),
    ],
)
def test_ways_of_writing_one_name(one: str, other: str) -> None:
    assert read_name(one).folded == read_name(other).folded


@pytest.mark.parametrize("name", ["Co", "The", "SA", "Inc", "Group", "A", "1-800"])
def test_a_word_always_remains(name: str) -> None:
    assert read_name(name).words


def test_parts_of_a_name() -> None:
    told = read_name("Orbvane Foundry B.V., Utrecht")
    assert told.words == ("orbvane", "foundry")
    assert told.legal_forms == ("bv",)
    assert told.place == ("utrecht",)
    assert acronym(("north", "sea", "lines")) == "nsl"
    assert acronym(("north", "sea")) is None


def test_spelling_keeps_different_words_apart() -> None:
    assert fold("delta") != fold("dalton")
    assert fold("orion") != fold("arion")
    assert fold("x5") == "x5"
    assert plain("Łódź Æon") == "lodz aeon"


def test_addresses_and_telephones() -> None:
    assert read_address("12 North Elm Street, Suite 4").key == "12 elm"
    assert read_address("12 N. Elm St") == read_address("12 Elm")
    assert read_address("Ulmenstraße 12").number == "12"
    assert read_address("221 West Third Ave").street == "3"
    assert read_address(None).key is None
    assert phone_key("+1 (202) 555-0147 ext. 9") == "025550147"
    assert phone_key("0000000") is None
    assert phone_key("555-01") is None


def company(key: str, name: str, **more: object) -> dict[str, object]:
    return {"record_key": key, "name": name, **more}


def table(rows: list[dict[str, object]]) -> pa.Table:
    columns = {f.name: [row.get(f.name) for row in rows] for f in records.RECORD_SCHEMA}
    return pa.table(columns, schema=records.RECORD_SCHEMA)


STREETS = ("Elm", "Oak", "Mill", "Quay", "Ford", "Lark", "Pine", "Vale")
STEMS = ("Orb", "Tam", "Lark", "Plov", "Fjor", "Bor", "Quin", "Vard", "Sel", "Mer", "Hal", "Cor")
ENDS = ("vane", "forge", "spur", "ermark", "dwell", "anto", "tis", "lund", "wick", "nova")


def invented() -> tuple[pa.Table, list[int]]:
    """120 companies, each told by three sources in different words."""
    rows, truth = [], []
    for number in range(120):
        stem = STEMS[number % 12] + ENDS[number // 12]
        street = f"{10 + number} {STREETS[number % 8]}"
        kinds = ("Industries", "Technologies", "Systems", "Foods")
        kind = kinds[number % 4]
        telephone = f"202555{1000 + 7 * number}"
        rows += [
            company(f"a{number}", f"{stem} {kind}, Inc.", address=f"{street} Street",
                    phone=telephone, postcode=f"{20000 + number % 9}"),
            company(f"b{number}", f"{stem.upper()} {kind.upper()[:4]}",
                    address=f"{street.upper()} ST.", postcode=f"{20000 + number % 9}"),
            company(f"c{number}", f"{stem} {kind} Corp", phone=telephone),
        ]  # fmt: skip
        truth += [number] * 3
    return table(rows), truth


@pytest.fixture(scope="module")
def linked() -> tuple[linkage.Linked, list[int]]:
    given, truth = invented()
    return linkage.link(given), truth


def test_sources_in_different_words_are_one_company(linked) -> None:
    found, truth = linked
    groups = {}
    for label, number in zip(found.labels.tolist(), truth, strict=True):
        groups.setdefault(label, set()).add(number)
    assert all(len(numbers) == 1 for numbers in groups.values())
    assert len(groups) <= 122  # of 120


def test_training_is_repeatable(linked) -> None:
    found, _ = linked
    assert model.train(found.features) == found.parameters
    assert (
        found.parameters.version == model.Parameters.from_json(found.parameters.to_json()).version
    )


def test_levels_sum_to_one(linked) -> None:
    for levels in (linked[0].parameters.levels, model.packaged().levels):
        for pairs in levels.values():
            assert sum(m for m, _ in pairs) == pytest.approx(1.0)
            assert sum(u for _, u in pairs) == pytest.approx(1.0)


def test_score_is_splinks_own(linked) -> None:
    """Same levels, same weights: Splink's prediction of the same pairs."""
    import duckdb
    from splink import DuckDBAPI, Linker

    found, _ = linked
    names = model.present(found.features)
    settings = model.splink_settings(names, found.parameters.levels, found.parameters.probability)
    settings.blocking_rules_to_generate_predictions = [{"blocking_rule": "l.phone = r.phone"}]
    with duckdb.connect() as connection:
        connection.register("given", found.features)
        connection.execute("create table records as select * from given")
        linker = Linker(DuckDBAPI(connection).register("records"), settings, log_level=None)
        rows = linker.inference.predict().as_duckdbpyrelation().fetchall()
        columns = linker.inference.predict().as_duckdbpyrelation().columns
    predicted = [dict(zip(columns, row, strict=True)) for row in rows]
    assert len(predicted) >= 100
    row_of = {key: n for n, key in enumerate(found.features.column("record_key").to_pylist())}
    pairs = [sorted((row_of[p["record_key_l"]], row_of[p["record_key_r"]])) for p in predicted]
    scored = scoring.score(
        found.features,
        pa.table({"left_row": [a for a, _ in pairs], "right_row": [b for _, b in pairs]}),
        found.parameters,
        least=-1e9,
    ).to_pylist()
    own = {(row["left_row"], row["right_row"]): row["weight"] for row in scored}
    for pair, splinks in zip(pairs, predicted, strict=True):
        assert own[tuple(pair)] == pytest.approx(splinks["match_weight"], abs=1e-6)


def test_reasons_are_words_with_weights(linked) -> None:
    found, _ = linked
    best = max(found.scored.to_pylist(), key=lambda row: row["weight"])
    told = scoring.reasons(best, found.parameters)
    assert told[0].endswith(")")
    assert "(+" in told[0]
    assert any(line.startswith("same words in the name") for line in told)
    assert scoring.probability(0.0) == 0.5
    assert scoring.probability(10.0) > 0.999


def test_large_blocks_of_common_words_make_no_pairs() -> None:
    rows = [company(str(n), f"{stem}{end} Holdings") for n, (stem, end) in
            enumerate((s, e) for s in STEMS for e in ENDS)]  # fmt: skip
    found = records.features(table(rows), records.WordWeights())
    shared = candidates.pairs(candidates.blocks(found)).num_rows
    assert shared < len(rows) * 12  # not the 7,140 that "holdings" alone would make


def test_new_rows_meet_all_but_old_rows_do_not_meet_again() -> None:
    rows = [company("1", "Orbvane Foods"), company("2", "Orbvane Food"), company("3", "ORBVANE")]
    found = candidates.blocks(records.features(table(rows), records.WordWeights()))
    every = candidates.pairs(found).to_pylist()
    new = candidates.pairs(found, np.array([2])).to_pylist()
    assert {(p["left_row"], p["right_row"]) for p in every} == {(0, 1), (0, 2), (1, 2)}
    assert {(p["left_row"], p["right_row"]) for p in new} == {(0, 2), (1, 2)}


def scored(*rows: tuple[int, int, float]) -> pa.Table:
    return pa.table(
        {
            "left_row": pa.array([r[0] for r in rows], pa.int64()),
            "right_row": pa.array([r[1] for r in rows], pa.int64()),
            "weight": pa.array([r[2] for r in rows], pa.float64()),
        }
    )


def test_a_days_pairs_are_those_of_all_that_hold_a_new_row() -> None:
    rng = np.random.default_rng(3)
    count = 4_000
    found = pa.table(
        {
            "block": rng.integers(0, 500, count),
            "row": rng.integers(0, 900, count),
            "name": rng.integers(0, 300, count),
            "part": rng.random(count) < 0.5,
        }
    )
    new = rng.choice(900, 60, replace=False)
    every = candidates.pairs(found).to_pylist()
    wanted = {
        (p["left_row"], p["right_row"]) for p in every if {p["left_row"], p["right_row"]} & {*new}
    }
    got = candidates.pairs(found, new).to_pylist()
    assert {(p["left_row"], p["right_row"]) for p in got} == wanted
    assert len(got) == len(wanted) > 500


def test_a_record_between_two_companies_does_not_make_them_one() -> None:
    chain = scored((0, 1, 9.0), (1, 2, 9.0), (2, 3, 9.0), (0, 2, -9.0), (1, 3, -9.0), (0, 3, -9.0))
    labels = clusters.cluster(4, chain)
    assert labels[0] != labels[3]


def test_two_central_index_keys_never_join() -> None:
    alike = scored((0, 1, 12.0), (1, 2, 12.0), (0, 2, 12.0))
    labels = clusters.cluster(3, alike, keys=[["0000000001", None, "0000000002"]])
    assert labels[0] != labels[2]
    assert labels[1] in (labels[0], labels[2])
    assert clusters.cluster(3, alike).tolist() == [0, 0, 0]


def test_decisions_bind() -> None:
    none = scored((0, 1, 9.0))
    assert clusters.cluster(3, none, together=[(1, 2)])[2] == 0
    assert clusters.cluster(3, none, apart=[(0, 1)]).tolist() == [0, 1, 2]
    keys = [["a.example", "b.example", None]]
    assert clusters.cluster(3, none, keys=keys).tolist() == [0, 1, 2]
    assert clusters.cluster(3, none, keys=keys, together=[(0, 1)])[1] == 0


def test_namesakes_of_a_misspelt_name() -> None:
    known = ["Orbvane Foods Inc", "Orbvane Technologies Inc", "Tamforge Ltd", "Larkspur & Sons"]
    register = table([company(str(n), name) for n, name in enumerate(known)])
    found = linkage.find(["orvbane tech", "TAMFROGE", "Sons, Larkspur", "Zyx Qwert"], register)
    assert [entries[0].row if entries else None for entries in found[:3]] == [1, 2, 3]
    assert not found[3] or found[3][0].likeness < 0.6
    assert found[0][0].rank >= found[0][-1].rank


def test_a_site_is_not_its_organisation() -> None:
    rows = [
        company("1", "Orbvane Kids Center", address="12 Elm St", phone="2025550101"),
        company("2", "Orbvane Kids Center", address="90 Oak St", phone="2025550101"),
        company("3", "ORBVANE KIDS CTR", address="12 Elm Street", phone="2025550101"),
    ]
    site = linkage.link(table(rows), linkage.Unit.SITE, learn=False)
    assert site.labels.tolist() == [0, 1, 0]


def test_parameters_that_do_not_fit_are_refused() -> None:
    told = model.packaged().to_json().replace('"phone"', '"telephone"')
    with pytest.raises(ValueError, match="phone has 0 levels"):
        model.Parameters.from_json(told)


def test_a_sketch_never_promises_less_than_the_pair_weighs() -> None:
    """What is left out at a glance would have been left out after comparing."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(64):
        stem = STEMS[number % 6] + ENDS[number % 5]
        names = (f"{stem} Foods", f"{stem[:-1]}e Food", f"{stem} Société of North Sea Lines Ltd",
                 "North Sea Lines", "NSL", f"{stem} A B C D E F G H", stem + "ø", None)  # fmt: skip

        def told(value: object) -> object:
            return value if rng.random() < 0.5 else None

        rows.append(
            company(
                str(number),
                names[number % 8],
                domain=told(f"{stem.lower()}.{rng.choice(['example', 'test'])}"),
                address=told(f"{rng.integers(1, 4)} {rng.choice(STREETS)} St"),
                postcode=told(f"{rng.integers(20000, 20003)}"),
                city=told(rng.choice(["Leeds", "Lyon"])),
                country=told(rng.choice(["GB", "FR"])),
                phone=told(f"20255{rng.integers(0, 3)}{rng.integers(1000, 1003)}"),
                latitude=told(float(rng.integers(50, 52))),
                longitude=told(1.0),
                people=told([f"Ada {rng.choice(STEMS)}"]),
                topics=told([str(rng.integers(0, 3))]),
            )
        )
    found = records.features(table(rows), records.WordWeights())
    left, right = np.triu_indices(len(rows), 1)
    every = pa.table({"left_row": left, "right_row": right})
    parameters = model.packaged()
    weight = np.asarray(scoring.score(found, every, parameters, least=-1e9).column("weight"))
    made = sketches.sketches(found)
    most = sketches.most(sketches.rows_of(made, left), sketches.rows_of(made, right), parameters)
    assert (most >= weight - sketches.ROUNDING).all()
    # And it is worth looking: of pairs that are worth nothing, most are seen to be.
    worthless = weight < scoring.LEAST_WEIGHT
    assert (most[worthless] < scoring.LEAST_WEIGHT).mean() > 0.6
    kept = sketches.promising(made, every, parameters, scoring.LEAST_WEIGHT)
    assert scoring.score(found, kept, parameters).equals(scoring.score(found, every, parameters))
