"""The model: what is compared, how alike is graded, and what Splink's EM learns of it.

Levels are ordered from most to least alike; EM learns, without labels, how often each is met among
records of one company (m) and of two (u). The names of the levels are the words in which a link is
explained. Conditions are DuckDB SQL over features of ``ml.identity.records``; ``{name}`` stands for
a measure, so that Splink gets it written out and ``ml.identity.scoring`` computes it once a pair.
"""

from __future__ import annotations

from typing import Any

#: Slips of the pen in names of this length that still leave it the same name: one, and one more for
#: each dozen letters. Whole-string likeness would call all names with a long common ending alike.
_SLIPS = "least(length({0}_l), length({0}_r)) // 12 + 1"


def _edits(name: str) -> str:
    """Edits between two names, 99 where they differ by more than slips: by more letters than that,
    or by so many letters that, in names of five or more, they are not even roughly alike.

    Swapped letters count once, which is dear to count. Without swaps an edit counts at most two, so
    that the cheaper count leaves few names to it.
    """
    slips = _SLIPS.format(name)
    return (
        f"case when {name}_l = {name}_r then 0"
        f" when abs(length({name}_l) - length({name}_r)) > {slips} then 99"
        f" when jaro_winkler_similarity({name}_l, {name}_r) < 0.7"
        f" and least(length({name}_l), length({name}_r)) >= 5 then 99"
        f" when levenshtein({name}_l, {name}_r) > 2 * ({slips}) then 99"
        f" else damerau_levenshtein({name}_l, {name}_r) end"
    )


#: Measures of a pair. Words are shared by their code, whose low four bits are the word's weight.
MEASURES: dict[str, str] = {
    "shared": "coalesce(list_sum(list_transform(list_filter(name_codes_l,"
    " x -> list_contains(name_codes_r, x)), x -> cast(x & 15 as integer))), 0)",
    "alike": "jaro_winkler_similarity(name_glued_l, name_glued_r)",
    "alike_folded": "jaro_winkler_similarity(name_folded_l, name_folded_r)",
    "edits": _edits("name_glued"),
    "edits_folded": _edits("name_folded"),
    "kilometres": "111.2 * sqrt(pow(latitude_l - latitude_r, 2)"
    " + pow((longitude_l - longitude_r) * cos(radians(latitude_l)), 2))",
    "people": "len(list_intersect(people_l, people_r))",
    "topics": "len(list_intersect(topics_l, topics_r))",
}
#: Share of the weight of all words of both names, and of the shorter one, that both have.
_JACCARD = "({shared} / cast(name_weight_l + name_weight_r - {shared} as double))"
_CONTAINED = "({shared} / cast(least(name_weight_l, name_weight_r) as double))"


def _null(*columns: str) -> dict[str, Any]:
    condition = " or ".join(f"{c}_l is null or {c}_r is null" for c in columns)
    return {"sql_condition": condition, "label_for_charts": "not told", "is_null_level": True}


def _level(label: str, condition: str) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label}


def _otherwise(label: str) -> dict[str, Any]:
    return {"sql_condition": "ELSE", "label_for_charts": label}


def _comparison(name: str, *levels: dict[str, Any]) -> dict[str, Any]:
    return {"output_column_name": name, "comparison_levels": list(levels)}


NAME = _comparison(
    "name",
    _null("name_folded"),
    _level(
        "same words in the name", "name_folded_l = name_folded_r or name_glued_l = name_glued_r"
    ),
    _level(
        "name differs by spelling",
        # More than one slip only where the rest is shared, or the name is one word: a shared
        # "Technologies" is not the rest.
        f"{_JACCARD} >= 0.8 or {{edits}} <= 1 or {{edits_folded}} <= 1"
        f" or (({{edits}} <= {_SLIPS.format('name_glued')}"
        f" or {{edits_folded}} <= {_SLIPS.format('name_folded')})"
        f" and ({{shared}} = 0 or {_JACCARD} >= 0.3))",
    ),
    _level(
        "one name holds the other, with little more",
        f"({_CONTAINED} >= 0.95 and {_JACCARD} >= 0.5)"
        f" or ({{alike}} >= 0.88 and {_JACCARD} >= 0.3)",
    ),
    _level("one name holds the other", f"{_CONTAINED} >= 0.95"),
    _level(
        "one name is the other's first letters",
        "(length(name_glued_l) >= 3 and name_glued_l = name_acronym_r)"
        " or (length(name_glued_r) >= 3 and name_glued_r = name_acronym_l)",
    ),
    _level("names share their telling words", f"{_JACCARD} >= 0.4"),
    _level("names share some words", f"{_JACCARD} >= 0.15"),
    _otherwise("names have nothing in common"),
)
ADDRESS = _comparison(
    "address",
    _null("address_number"),
    _level("same address", "address_key_l = address_key_r"),
    _level(
        "same house number, street spelt differently",
        "address_number_l = address_number_r and (street_l is null or street_r is null"
        " or jaro_winkler_similarity(street_l, street_r) >= 0.85)",
    ),
    _level("same street", "street_l = street_r"),
    _otherwise("another address"),
)
POSTCODE = _comparison(
    "postcode",
    _null("postcode"),
    _level("same postcode", "postcode_l = postcode_r"),
    _otherwise("another postcode"),
)
PHONE = _comparison(
    "phone",
    _null("phone"),
    _level("same telephone", "phone_l = phone_r or right(phone_l, 7) = right(phone_r, 7)"),
    _level("telephones of one exchange", "left(right(phone_l, 7), 5) = left(right(phone_r, 7), 5)"),
    _otherwise("another telephone"),
)
PLACE = _comparison(
    "place",
    {
        "sql_condition": "(latitude_l is null or latitude_r is null)"
        " and (city_l is null or city_r is null)",
        "label_for_charts": "not told",
        "is_null_level": True,
    },
    _level("same place", "city_l = city_r or {kilometres} <= 1"),
    _level("within 25 km", "{kilometres} <= 25"),
    _otherwise("another place"),
)
COUNTRY = _comparison(
    "country",
    _null("country"),
    _level("same country", "country_l = country_r"),
    _otherwise("another country"),
)
DOMAIN = _comparison(
    "domain",
    _null("domain"),
    _level("same domain", "domain_l = domain_r"),
    _level(
        "same name of the domain under another ending",
        "split_part(domain_l, '.', 1) = split_part(domain_r, '.', 1)"
        " and length(split_part(domain_l, '.', 1)) >= 5",
    ),
    _otherwise("another domain"),
)
PEOPLE = _comparison(
    "people",
    _null("people"),
    _level("several people in common", "{people} >= 2"),
    _level("one person in common", "{people} >= 1"),
    _otherwise("nobody in common"),
)
TOPICS = _comparison(
    "topics",
    _null("topics"),
    _level(
        "do the same",
        "{topics} >= 0.5 * least(len(topics_l), len(topics_r))",
    ),
    _level("do something alike", "{topics} >= 1"),
    _otherwise("do something else"),
)
#: Each comparison with the feature column whose absence everywhere leaves it out.
COMPARISONS: dict[str, tuple[dict[str, Any], str]] = {
    "name": (NAME, "name_folded"),
    "domain": (DOMAIN, "domain"),
    "address": (ADDRESS, "address_number"),
    "postcode": (POSTCODE, "postcode"),
    "phone": (PHONE, "phone"),
    "place": (PLACE, "city|latitude"),
    "country": (COUNTRY, "country"),
    "people": (PEOPLE, "people"),
    "topics": (TOPICS, "topics"),
}
