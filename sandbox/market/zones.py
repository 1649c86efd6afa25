"""What a company's DNS zone holds on a day: the traces of its mail service, hosting and tools.

The names are the public ones that customers of these services enter.
"""

from __future__ import annotations

from sandbox.market.companies import Company
from sandbox.market.draws import Draws, Weighted, digest
from sandbox.market.technologies import Usage

#: Mail services with their exchangers (``{s}``: the company's own label) and SPF entry.
MAIL = Weighted(
    [
        ((("1 aspmx.l.google.com", "5 alt1.aspmx.l.google.com"), "_spf.google.com"), 0.42),
        ((("0 {s}.mail.protection.outlook.com",), "spf.protection.outlook.com"), 0.34),
        ((("10 mx0a-{k}.pphosted.com", "10 mx0b-{k}.pphosted.com"), "spf.protection.outlook.com"),
         0.06),
        ((("10 eu-smtp-inbound-1.mimecast.com",), "eu._netblocks.mimecast.com"), 0.05),
        ((("10 mx.zoho.eu", "20 mx2.zoho.eu"), "zoho.eu"), 0.03),
        ((("10 mail.{d}",), None), 0.08),
        (((), None), 0.02),
    ]
)  # fmt: skip
#: What else may send for a company that has a technology.
SENDERS = {
    "HubSpot": "hubspotemail.net", "Marketo": "mktomail.com", "Mailchimp": "servers.mcsv.net",
    "Salesforce": "_spf.salesforce.com", "Zendesk": "mail.zendesk.com",
    "Klaviyo": "spf.klaviyo.com", "Salesforce Pardot": "aspmx.pardot.com",
    "Intercom": "_spf.intercom.io",
}  # fmt: skip
#: Tokens that prove a domain to a service, and the share of companies with one.
TOKENS = (
    ("google-site-verification={k}", 0.62), ("MS=ms{n}", 0.36),
    ("facebook-domain-verification={k}", 0.2),
    ("atlassian-domain-verification={k}", 0.28), ("slack-domain-verification={k}", 0.12),
    ("docusign={k}", 0.16), ("ZOOM_verify_{k}", 0.14), ("apple-domain-verification={k}", 0.15),
    ("adobe-idp-site-verification={k}", 0.1), ("miro-verification={k}", 0.08),
    ("1password-site-verification={k}", 0.06), ("openai-domain-verification=dv-{k}", 0.09),
)  # fmt: skip
#: Where the site's own name leads when a technology serves it, first of these that is there.
ALIASES = {
    "Webflow": "proxy-ssl.webflow.com", "Squarespace": "ext-cust.squarespace.com",
    "Shopify": "shops.myshopify.com", "Vercel": "cname.vercel-dns.com",
    "Netlify": "{s}.netlify.app", "Amazon CloudFront": "d{k}.cloudfront.net",
    "Fastly": "{s}.map.fastly.net", "Cloudflare": "www.{d}.cdn.cloudflare.net",
}  # fmt: skip
SERVERS = Weighted(
    [
        (("ns-{n}.awsdns-12.com", "ns-{n}.awsdns-34.net"), 0.4),
        (("ns21.domaincontrol.com", "ns22.domaincontrol.com"), 0.25),
        (("ns1-03.azure-dns.com", "ns2-03.azure-dns.net"), 0.1),
        (("dns1.p01.nsone.net", "dns2.p01.nsone.net"), 0.1),
        (("ns1.{d}", "ns2.{d}"), 0.15),
    ]
)
CLOUDFLARE_SERVERS = ("ada.ns.cloudflare.com", "ben.ns.cloudflare.com")
#: Share of zones with so many texts that an answer does not fit one datagram.
LONG_SHARE = 0.01


def zone(company: Company, stack: list[Usage], day: int) -> dict[tuple[str, str], list[str]]:
    """Records by name below the domain (``""``: itself) and type, as of a day."""
    d = Draws.of(f"zone|{company.domain}")
    key = digest(f"zone|{company.domain}", 6).hex()
    slots = {"s": company.domain.partition(".")[0], "d": company.domain, "k": key,
             "n": str(int(key[:6], 16) % 90_000_000 + 10_000_000)}  # fmt: skip
    exchangers, sender = d.weighted(MAIL)
    servers = d.weighted(SERVERS)
    tokens = [text for text, share in TOKENS if d.chance(share)]
    is_long = d.chance(LONG_SHARE)
    running = {
        u.technology.name for u in stack if u.first <= day and (u.last is None or day < u.last)
    }
    includes = [sender] if sender else []
    includes += [name for technology, name in SENDERS.items() if technology in running]
    texts = [text.format(**slots) for text in tokens]
    if includes:
        texts.append(f"v=spf1 {' '.join(f'include:{name}' for name in includes)} ~all")
    if is_long:
        texts += [f"note-{n}={key * 20}" for n in range(8)]
    if "Cloudflare" in running:
        servers = CLOUDFLARE_SERVERS
    found = {
        ("", "MX"): [text.format(**slots) for text in exchangers],
        ("", "TXT"): texts,
        ("", "NS"): [text.format(**slots) for text in servers],
        ("www", "CNAME"): [
            text.format(**slots) for technology, text in ALIASES.items() if technology in running
        ][:1],
    }
    return {name: texts for name, texts in found.items() if texts}
