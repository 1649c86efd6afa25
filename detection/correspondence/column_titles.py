"""What the columns of a table are called, in English, German and French, whoever wrote it."""

from __future__ import annotations

import re

from detection.money import currency_of_word

#: Titles in letters only of columns whose cells mean something.
QUANTITIES = frozenset(
    {"qty", "quantity", "quantities", "pieces", "pcs", "volume", "units", "menge", "stückzahl"}
    | {"annualvolume", "annualquantity", "annualusage", "eau", "anzahl", "orderqty", "qtyrequired"}
    | {"bestellmenge", "stk", "stück", "bedarf", "losgröße", "quantité", "qté", "quantite", "qte"}
    | {"nombre", "pièces", "qtyperyear", "annualqty", "jahresmenge", "jahresbedarf"}
)
PRICES = frozenset(
    {"unitprice", "priceperunit", "price", "unitcost", "priceperpiece", "eachprice", "priceeach"}
    | {"listprice", "netprice", "einzelpreis", "stückpreis", "targetprice", "priceunit", "pricepc"}
    | {"unitpricenet", "preis", "preisproeinheit", "preisstück", "preisstk", "preisprostück"}
    | {"nettopreis", "zielpreis", "epreis", "ep", "prix", "prixunitaire", "prixunit", "puht", "pu"}
    | {
        "prixunitaireht",
        "prixcible",
        "each",
        "unitrate",
        "rate",
        "pricepiece",
        "offeredprice",
        "target",
        "cost",
    }
)
TOTALS = frozenset(
    {"total", "totalprice", "amount", "linetotal", "subtotal", "extendedprice", "gesamtpreis"}
    | {"gesamt", "betrag", "value", "totalamount", "linevalue", "summe", "gesamtbetrag", "gpreis"}
    | {"gp", "montant", "totalht", "montantht", "prixtotal", "extended", "linesum"}
)
UNITS = frozenset({"unit", "uom", "unitofmeasure", "einheit", "me", "unité", "unite"})
CURRENCIES = frozenset({"currency", "curr", "währung", "ccy", "devise", "monnaie"})
PARTS = frozenset(
    {"part", "partno", "partnumber", "pn", "partnr", "item", "itemno", "itemnumber", "sku", "code"}
    | {"article", "articleno", "articlenumber", "material", "materialno", "materialnumber"}
    | {"artikel", "artikelnr", "artikelnummer", "artnr", "teilenummer", "teilenr", "sachnummer"}
    | {"materialnummer", "bestellnummer", "bestellnr", "référence", "reference", "réf", "ref"}
    | {"ordercode", "productcode", "mpn", "drawing", "drawingno", "zeichnungsnummer", "codearticle"}
    | {"teil", "model", "typ", "type", "modèle"}
)
NAMES = frozenset(
    {"description", "product", "productname", "name", "designation", "goods", "itemdescription"}
    | {"bezeichnung", "beschreibung", "produkt", "benennung", "ware", "désignation", "produit"}
    | {"libellé", "artikelbezeichnung", "partdescription", "materialdescription", "component"}
)
DAYS = frozenset(
    {"delivery", "deliverydate", "delivered", "requireddate", "needdate", "needby", "required"}
    | {"requestdate", "requesteddate", "duedate", "shipdate", "liefertermin", "lieferdatum"}
    | {"wunschtermin", "termin", "livraison", "datedelivraison", "délai", "datelivraison"}
    | {"deliveryby", "neededby", "requiredby", "dateneeded", "eta", "date", "datum"}
)
POSITIONS = frozenset(
    {"pos", "position", "no", "nr", "line", "lineno", "zeile", "ligne", "n", "row"}
)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{1,12})[)\]]")
_MARKS = re.compile(r"[^a-zà-öø-ÿœß]")


def title_key(title: str) -> str:
    """A title in letters only, without what stands in brackets and the currency at its end.

    >>> title_key("Unit price (EUR)"), title_key("Preis/Stk. EUR")
    ('unitprice', 'preisstk')
    """
    words = re.split(r"[\s/]+", _IN_BRACKETS.sub("", title).strip())
    if len(words) > 1 and currency_of_word(words[-1]):
        words.pop()
    return letters_of(" ".join(words))


def letters_of(title: str) -> str:
    """A title in small letters only."""
    return _MARKS.sub("", title.casefold())


def currency_of_title(title: str) -> str:
    """The currency that a title names in brackets or as its last word; else empty."""
    words = [*_IN_BRACKETS.findall(title), *re.split(r"[\s/]+", title)[-1:]]
    return next((word for word in words if currency_of_word(word)), "")
