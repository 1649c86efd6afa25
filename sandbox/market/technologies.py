"""Well-known technologies and the traces they leave on a page, and each company's stack over time.

The traces (script addresses, meta generators, headers, cookies) are the public ones every visitor
of a site that uses the product sees.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import STACK, Company
from sandbox.market.draws import Draws, Weighted


@dataclass(frozen=True)
class Technology:
    """One product with its page traces.

    In a trace ``{k}`` stands for the customer's own key, ``{v}`` for another number and ``{w}``
    for the main and the lesser number of the product's version, both of which rise.
    """

    name: str
    category: str
    vendor: str
    #: Share of companies that have it from the start.
    share: float
    head: str = ""
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()


def _js(src: str) -> str:
    return f'<script async src="{src}"></script>'


TECHNOLOGIES = (
    # Content management and shops (at most one each per site)
    Technology("WordPress", "CMS", "Automattic", 0.34,
               '<meta name="generator" content="WordPress {w}">'
               '<link rel="stylesheet" href="/wp-content/themes/site/style.css">',
               '<script src="/wp-includes/js/wp-embed.min.js"></script>',
               (("Link", '</wp-json/>; rel="https://api.w.org/"'),)),
    Technology("Webflow", "CMS", "Webflow", 0.12,
               '<meta name="generator" content="Webflow">',
               '<script src="https://assets.website-files.com/{k}/js/webflow.js"></script>'),
    Technology("Drupal", "CMS", "Drupal Association", 0.06,
               '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">',
               '<script src="/core/misc/drupal.js"></script>',
               (("X-Generator", "Drupal 10 (https://www.drupal.org)"),)),
    Technology("Contentful", "CMS", "Contentful", 0.05, "",
               '<img src="https://images.ctfassets.net/{k}/hero.png" alt="">'),
    Technology("Squarespace", "CMS", "Squarespace", 0.04,
               '<script src="https://static1.squarespace.com/static/{k}/common.js"></script>',
               "", (("Server", "Squarespace"),)),
    Technology("Wix", "CMS", "Wix", 0.03,
               '<meta name="generator" content="Wix.com Website Builder">',
               "", (("X-Wix-Request-Id", "{k}"),)),
    Technology("Ghost", "CMS", "Ghost Foundation", 0.02,
               '<meta name="generator" content="Ghost {w}">'),
    Technology("Shopify", "E-commerce", "Shopify", 0.05,
               '<script src="https://cdn.shopify.com/s/files/1/{k}/theme.js"></script>',
               "", (("X-ShopId", "{k}"),), ("_shopify_y={k}",)),
    Technology("Magento", "E-commerce", "Adobe", 0.02, "",
               '<script type="text/x-magento-init">{{"*": {{"Magento_Ui/js/core/app": '
               '{{}}}}}}</script>', (), ("mage-cache-storage={k}",)),
    Technology("WooCommerce", "E-commerce", "Automattic", 0.03,
               '<link rel="stylesheet" '
               'href="/wp-content/plugins/woocommerce/assets/css/woocommerce.css?ver={w}">'),
    # Frameworks
    Technology("Next.js", "JavaScript framework", "Vercel", 0.14, "",
               '<script id="__NEXT_DATA__" type="application/json">{{"buildId":"{k}"}}</script>'
               '<script src="/_next/static/chunks/main.js"></script>',
               (("X-Powered-By", "Next.js"),)),
    Technology("React", "JavaScript framework", "Meta", 0.22, "",
               '<div data-reactroot=""></div><script src="/static/js/react-dom.production.min.js">'
               "</script>"),
    Technology("Vue.js", "JavaScript framework", "Vue.js", 0.09, "",
               '<div data-v-{v}a2b3c4></div><script src="/js/vue.runtime.min.js"></script>'),
    Technology("Angular", "JavaScript framework", "Google", 0.06, "",
               '<app-root ng-version="{w}.0"></app-root>'),
    Technology("Gatsby", "JavaScript framework", "Gatsby", 0.04,
               '<meta name="generator" content="Gatsby {w}.0">', '<div id="___gatsby"></div>'),
    Technology("Nuxt.js", "JavaScript framework", "NuxtLabs", 0.03, "",
               '<script>window.__NUXT__={{}}</script><script src="/_nuxt/entry.js"></script>'),
    Technology("jQuery", "JavaScript library", "OpenJS Foundation", 0.45,
               '<script src="https://code.jquery.com/jquery-{w}.0.min.js"></script>'),
    Technology("Bootstrap", "UI framework", "Bootstrap", 0.25,
               '<link rel="stylesheet" '
               'href="https://cdn.jsdelivr.net/npm/bootstrap@{w}.0/dist/css/bootstrap.min.css">'),
    # Analytics
    Technology("Google Tag Manager", "Tag manager", "Google", 0.55,
               _js("https://www.googletagmanager.com/gtm.js?id=GTM-{K}")),
    Technology("Google Analytics", "Analytics", "Google", 0.55,
               _js("https://www.google-analytics.com/analytics.js"), "", (), ("_ga=GA1.2.{v}",)),
    Technology("Hotjar", "Analytics", "Hotjar", 0.14,
               _js("https://static.hotjar.com/c/hotjar-{v}42.js?sv=6")),
    Technology("Mixpanel", "Analytics", "Mixpanel", 0.07,
               _js("https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js")),
    Technology("Amplitude", "Analytics", "Amplitude", 0.07,
               _js("https://cdn.amplitude.com/libs/amplitude-{w}.0-min.gz.js")),
    Technology("Heap", "Analytics", "Contentsquare", 0.04,
               _js("https://cdn.heapanalytics.com/js/heap-{v}77.js")),
    Technology("FullStory", "Analytics", "FullStory", 0.05,
               _js("https://edge.fullstory.com/s/fs.js")),
    Technology("Matomo", "Analytics", "Matomo", 0.04, _js("https://cdn.matomo.cloud/{k}/matomo.js"),
               "", (), ("_pk_id.1.{v}={k}",)),
    Technology("Plausible", "Analytics", "Plausible", 0.03,
               '<script defer data-domain="{d}" src="https://plausible.io/js/script.js"></script>'),
    Technology("Microsoft Clarity", "Analytics", "Microsoft", 0.08,
               _js("https://www.clarity.ms/tag/{k}")),
    Technology("New Relic", "Performance monitoring", "New Relic", 0.06,
               _js("https://js-agent.newrelic.com/nr-spa-12{v}.min.js")),
    Technology("Datadog", "Performance monitoring", "Datadog", 0.06,
               _js("https://www.datadoghq-browser-agent.com/us1/v5/datadog-rum.js")),
    Technology("Sentry", "Performance monitoring", "Sentry", 0.08,
               _js("https://browser.sentry-cdn.com/{w}.0/bundle.min.js")),
    # Customer data and marketing
    Technology("Segment", "Customer data platform", "Twilio", 0.08,
               _js("https://cdn.segment.com/analytics.js/v1/{k}/analytics.min.js")),
    Technology("Tealium", "Customer data platform", "Tealium", 0.03,
               _js("https://tags.tiqcdn.com/utag/{k}/main/prod/utag.js")),
    Technology("RudderStack", "Customer data platform", "RudderStack", 0.02,
               _js("https://cdn.rudderlabs.com/v1.1/rudder-analytics.min.js")),
    Technology("HubSpot", "Marketing automation", "HubSpot", 0.18,
               '<script id="hs-script-loader" async defer src="//js.hs-scripts.com/{v}8231.js">'
               "</script>", "", (), ("hubspotutk={k}",)),
    Technology("Marketo", "Marketing automation", "Adobe", 0.07,
               '<script src="//munchkin.marketo.net/munchkin.js"></script>', "", (),
               ("_mkto_trk=id:{v}",)),
    Technology("Salesforce Pardot", "Marketing automation", "Salesforce", 0.07, "",
               '<script src="https://pi.pardot.com/pd.js"></script>', (),
               ("visitor_id{v}={k}",)),
    Technology("Mailchimp", "Marketing automation", "Intuit", 0.10,
               '<script src="https://chimpstatic.com/mcjs-connected/js/users/{k}.js"></script>'),
    Technology("Klaviyo", "Marketing automation", "Klaviyo", 0.04,
               _js("https://static.klaviyo.com/onsite/js/klaviyo.js?company_id={k}")),
    Technology("ActiveCampaign", "Marketing automation", "ActiveCampaign", 0.04,
               _js("https://diffuser-cdn.app-us1.com/diffuser/diffuser.js")),
    Technology("6sense", "Account-based marketing", "6sense", 0.03,
               _js("https://j.6sc.co/6si.min.js")),
    Technology("Demandbase", "Account-based marketing", "Demandbase", 0.03,
               _js("https://tag.demandbase.com/{k}.min.js")),
    Technology("Clearbit", "Account-based marketing", "Clearbit", 0.03,
               _js("https://tag.clearbitscripts.com/v1/pk_{k}/tags.js")),
    Technology("Optimizely", "A/B testing", "Optimizely", 0.04,
               '<script src="https://cdn.optimizely.com/js/{v}19.js"></script>'),
    Technology("VWO", "A/B testing", "Wingify", 0.03,
               _js("https://dev.visualwebsiteoptimizer.com/j.php?a={v}55")),
    Technology("LinkedIn Insight Tag", "Advertising", "LinkedIn", 0.22,
               _js("https://snap.licdn.com/li.lms-analytics/insight.min.js")),
    Technology("Facebook Pixel", "Advertising", "Meta", 0.20,
               _js("https://connect.facebook.net/en_US/fbevents.js")),
    # Sales and support
    Technology("Salesforce", "CRM", "Salesforce", 0.09, "",
               '<form action="https://webto.salesforce.com/servlet/servlet.WebToLead" '
               'method="POST"><input type="hidden" name="oid" value="00D{k}"></form>'),
    Technology("Microsoft Dynamics 365", "CRM", "Microsoft", 0.03,
               _js("https://mktdplp102cdn.azureedge.net/public/latest/js/ws-tracking.js")),
    Technology("Zoho", "CRM", "Zoho", 0.04, _js("https://salesiq.zoho.com/widget")),
    Technology("Intercom", "Live chat", "Intercom", 0.11, "",
               _js("https://widget.intercom.io/widget/{k}"), (), ("intercom-id-{k}=1",)),
    Technology("Drift", "Live chat", "Salesloft", 0.05, "",
               _js("https://js.driftt.com/include/{v}/{k}.js")),
    Technology("Zendesk", "Customer support", "Zendesk", 0.10, "",
               '<script id="ze-snippet" '
               'src="https://static.zdassets.com/ekr/snippet.js?key={k}"></script>'),
    Technology("Freshchat", "Live chat", "Freshworks", 0.03, "",
               _js("https://wchat.freshchat.com/js/widget.js")),
    Technology("Crisp", "Live chat", "Crisp", 0.03, "", _js("https://client.crisp.chat/l.js")),
    Technology("Calendly", "Scheduling", "Calendly", 0.07, "",
               _js("https://assets.calendly.com/assets/external/widget.js")),
    Technology("Typeform", "Forms", "Typeform", 0.05, "", _js("https://embed.typeform.com/next/embed.js")),
    # Payments, consent, search
    Technology("Stripe", "Payments", "Stripe", 0.12, '<script src="https://js.stripe.com/v3/"></script>',
               "", (), ("__stripe_mid={k}",)),
    Technology("PayPal", "Payments", "PayPal", 0.05,
               '<script src="https://www.paypal.com/sdk/js?client-id={k}"></script>'),
    Technology("OneTrust", "Consent management", "OneTrust", 0.12,
               '<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>', "",
               (), ("OptanonConsent=isGpcEnabled",)),
    Technology("Cookiebot", "Consent management", "Usercentrics", 0.08,
               '<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js"></script>'),
    Technology("Algolia", "Search", "Algolia", 0.04,
               _js("https://cdn.jsdelivr.net/npm/algoliasearch@4/dist/algoliasearch-lite.umd.js")),
    # Hosting and delivery
    Technology("Cloudflare", "CDN", "Cloudflare", 0.34, "", "",
               (("Server", "cloudflare"), ("CF-RAY", "{k}-FRA")), ("__cf_bm={k}",)),
    Technology("Fastly", "CDN", "Fastly", 0.07, "", "",
               (("X-Served-By", "cache-fra-{v}-FRA"), ("X-Fastly-Request-ID", "{k}"))),
    Technology("Amazon CloudFront", "CDN", "Amazon", 0.12, "", "",
               (("Via", "1.1 {k}.cloudfront.net (CloudFront)"), ("X-Amz-Cf-Id", "{k}"))),
    Technology("Vercel", "Hosting", "Vercel", 0.07, "", "",
               (("Server", "Vercel"), ("X-Vercel-Id", "fra1::{k}"))),
    Technology("Netlify", "Hosting", "Netlify", 0.05, "", "",
               (("Server", "Netlify"), ("X-NF-Request-ID", "{k}"))),
    Technology("Nginx", "Web server", "F5", 0.3, "", "", (("Server", "nginx/1.2{v}.0"),)),
)  # fmt: skip
#: At most one of each of these on a site.
EXCLUSIVE = (
    "CMS", "E-commerce", "JavaScript framework", "CDN", "Hosting", "Web server", "CRM",
    "Customer data platform", "Consent management",
)  # fmt: skip
#: Categories whose adoption goes with a need of this market's seller.
TELLING = (
    "Marketing automation", "Customer data platform", "CRM", "Analytics",
    "Account-based marketing", "Live chat", "Customer support", "A/B testing",
)  # fmt: skip
_TELLING = [t for t in TECHNOLOGIES if t.category in TELLING]
TELLING_DRAW = Weighted([(t, 0.03 + t.share) for t in _TELLING])
ANY_DRAW = Weighted([(t, 0.02 + t.share) for t in TECHNOLOGIES])
#: Yearly background rate of adoptions, mean number per loud need, and share of removals.
ADOPTION_RATE = 0.22
ADOPTIONS_PER_NEED = 1.2
REMOVAL_SHARE = 0.5
#: Yearly rate at which a site that shows a version goes to a newer one.
UPGRADE_RATE = 0.4
#: Share of these that are of the main number; what sites begin with.
MAIN_SHARE = 0.4
MAIN_VERSIONS = {
    "WordPress": 5, "Ghost": 4, "WooCommerce": 7, "Angular": 15, "Gatsby": 4, "jQuery": 2,
    "Bootstrap": 3, "Amplitude": 6, "Sentry": 6,
}  # fmt: skip


@dataclass(slots=True)
class Usage:
    """One technology on one company's site from ``first`` to ``last`` (days; None: still there)."""

    technology: Technology
    first: int
    last: int | None
    cause: str
    #: Days on which the version that the site shows rises, and whether its main number does.
    upgrades: tuple[tuple[int, bool], ...] = ()


def stack_over_time(seed: int, company: Company, horizon: int) -> list[Usage]:
    """Every technology the company's site ever bears, with the days it does."""
    d = Draws(seed, company.index, STACK)
    lift = 1.35 if company.industry.fit > 1 else 0.75
    usages: list[Usage] = []
    for technology in TECHNOLOGIES:
        if d.chance(min(0.9, technology.share * lift)) and not (
            technology.category in EXCLUSIVE
            and any(u.technology.category == technology.category for u in usages)
        ):
            usages.append(Usage(technology, -10_000, None, "background"))
    changes = [(day, "background") for day in d.days(ADOPTION_RATE, 0, horizon)]
    windows = [(n.start, n.end, "need") for n in company.needs if not n.silent]
    if company.decoy:
        windows.append((*company.decoy, "decoy"))
    for start, end, cause in windows:
        for _ in range(d.poisson(ADOPTIONS_PER_NEED)):
            day = min(start + int(min(80.0, d.exponential(26))), end - 2)
            if 0 <= day < horizon:
                changes.append((day, cause))
    for day, cause in sorted(changes):
        technology = d.weighted(ANY_DRAW if cause == "background" else TELLING_DRAW)
        running = [u for u in usages if u.last is None]
        if any(u.technology is technology for u in running):
            continue
        for usage in running:
            rival = usage.technology.category == technology.category
            if rival and (technology.category in EXCLUSIVE or d.chance(REMOVAL_SHARE)):
                usage.last = day
        usages.append(Usage(technology, day, None, cause))
    for usage in usages:
        if usage.technology.name in MAIN_VERSIONS:
            name = usage.technology.name
            u = Draws.of(f"versions|{seed}|{company.domain}|{name}|{usage.first}")
            until = horizon if usage.last is None else usage.last
            days = u.days(UPGRADE_RATE, max(usage.first, 0) + 1, until)
            usage.upgrades = tuple((day, u.chance(MAIN_SHARE)) for day in days)
    return usages
