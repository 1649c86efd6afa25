"""Stand-ins for the vendors: each tells its part of the market in the shape of the real service.

Belongs here: one module per vendor, a class with ``answer(request)``. Does not belong here: what
happens in the market (``sandbox.market``).
"""

from __future__ import annotations

from sandbox.market import Market
from sandbox.vendors import (
    adzuna,
    ashby,
    builtwith,
    coresignal,
    crm,
    crunchbase,
    drive,
    gmail,
    google_news,
    graph,
    greenhouse,
    lever,
    newsapi,
    press,
    salesforce,
    sec,
    sites,
    usajobs,
    workday,
    zoom,
)
from sandbox.vendors.desk import Desk
from sandbox.vendors.providers import providers


def vendors(market: Market, hang_seconds: float) -> dict[str, tuple[str, object]]:
    """Path prefix -> (source name, vendor)."""
    edgar = sec.Edgar(market)
    desk = Desk(market)
    return {
        **providers(market, desk),
        "sec-data": ("sec_edgar", edgar),
        "sec-archives": ("sec_edgar", sec.Archives(market)),
        "coresignal": ("coresignal", coresignal.Coresignal(market)),
        "crunchbase": ("crunchbase", crunchbase.Crunchbase(market)),
        "greenhouse": ("greenhouse", greenhouse.Greenhouse(market)),
        "lever": ("lever", lever.Lever(market)),
        "ashby": ("ashby", ashby.Ashby(market)),
        "workday": ("workday", workday.Workday(market)),
        "adzuna": ("adzuna", adzuna.Adzuna(market)),
        "usajobs": ("usajobs", usajobs.UsaJobs(market)),
        "sites": ("company_site", sites.Sites(market, hang_seconds)),
        "builtwith": ("builtwith", builtwith.BuiltWith(market)),
        "feeds": ("press", press.Feeds(market)),
        "newsapi": ("newsapi", newsapi.NewsApi(market)),
        "google-news": ("google_news", google_news.GoogleNews(market)),
        "crm": ("crm", crm.Exports(market)),
        "gmail": ("gmail", gmail.Gmail(desk)),
        "drive": ("drive", drive.Drive(desk)),
        "zoom": ("zoom", zoom.Zoom(desk)),
        "graph": ("teams", graph.Graph(desk)),
        "salesforce": ("salesforce", salesforce.Salesforce(desk)),
    }
