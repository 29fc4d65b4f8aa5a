"""Parameters of an address that say how a reader came, never what the page is.

The list is our own, kept by what the makers of each tool document or by what the links of a feed
plainly show. A name that may mean something else to some site is dropped only with a value, or on a
host, that leaves no doubt.
"""

from __future__ import annotations

import re

_PREFIXES = (
    "utm_",  # Urchin, now Google Analytics: campaign of the link
    "mtm_", "matomo_", "piwik_",  # Matomo, formerly Piwik
    "hsa_",  # HubSpot advertising
    "ns_",  # Comscore: ns_mchannel, ns_source, ns_campaign
    "at_custom",  # AT Internet (Piano)
    "guce_",  # Yahoo's consent detour
    "elq",  # Oracle Eloqua newsletters
    "fb_action_", "fbclid",  # Meta
    "cx_test", "cxrecs_",  # Cxense (Piano) tests and recommendations
    "wt.mc",  # Webtrends campaigns
)  # fmt: skip

_NAMES = frozenset(
    {
        # advertising clicks: Google, Microsoft, Meta, X, TikTok, LinkedIn, Yandex, Reddit, Pinterest …
        "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid",
        "msclkid", "twclid", "ttclid", "li_fat_id", "yclid", "ymclid", "ysclid", "rdt_cid",
        "epik", "sccid", "irclickid", "cjevent", "s_kwcid", "ef_id", "dicbo", "tblci",
        "oborigurl", "wickedid", "rb_clickid", "zanpid",
        # sharing buttons and social networks
        "igshid", "igsh", "mibextid", "fb_ref", "fb_source", "ref_src", "ref_url",
        "__twitter_impression", "hootpostid", "sr_share", "soc_src", "soc_trk",
        "__tn__", "wprov", "smid", "smtyp", "sharetype",
        # visitor ids handed from page to page
        "_ga", "_gl", "__hsfp", "__hssc", "__hstc", "_hsenc", "_hsmi", "_openstat", "guccounter",
        "spm", "mrfcid", "mrfhud",
        # newsletters: Mailchimp, Marketo, Klaviyo, Vero, Omeda, Silverpop, Dotdigital, ConvertKit …
        "mc_cid", "mc_eid", "mkt_tok", "_ke", "_kx", "vero_id", "vero_conv", "oly_anon_id",
        "oly_enc_id", "spmailingid", "spuserid", "spjobid", "spreportid", "dm_i",
        "ck_subscriber_id", "ml_subscriber", "ml_subscriber_hash", "bbeml", "nr_email_referer",
        "cndid", "bxid", "mbid",
        # web analytics and campaign codes of the press: AT Internet, Adobe, Webtrekk, in-house ones
        "at_medium", "at_campaign", "at_campaign_type", "at_link_id", "at_link_origin",
        "at_link_type", "at_format", "at_bbc_team", "at_ptr_name", "pk_campaign", "pk_kwd",
        "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "ga_source", "ga_medium",
        "ga_term", "ga_content", "ga_campaign", "xtor", "xtref", "s_cid", "icid", "intcid",
        "intcmp", "int_cmp", "ncid", "ocid", "cmpid", "cmp", "cm_mmc", "cm_ven", "wt_mc",
        "wt_zmc", "wtrid", "wt_ref", "ftag", "ftcamp", "reflink", "__source",
        "tpcc", "ito", "taid", "feedtype", "feedname", "cvosrc", "mkwid", "trkcampaign",
        "sc_medium", "sc_campaign", "sc_channel", "sc_content", "sc_country", "echobox",
        "ref_campaign", "rss_source",
    }
)  # fmt: skip

_ARRIVALS = frozenset({"ref", "source", "src", "from", "via", "partner", "emc", "mod", "origin"})
"""Names that many sites use for how a reader came, and some for the content itself."""

_ARRIVED = re.compile(
    r"(?:rss|atom|feed|feedburner|twitter|facebook|linkedin|newsletter|homepage|push|e2fb|e2tw|"
    r"share|sharebutton|social)(?:[-_].{0,60})?|.{1,40}[-_.](?:rss|feed)",
    re.IGNORECASE,
)
"""Values that name a way of arriving."""

_OF_HOST = {
    "youtube.com": frozenset({"si", "feature", "ab_channel", "pp"}),
    "youtu.be": frozenset({"si", "feature"}),
    "open.spotify.com": frozenset({"si"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
}


def is_tracking(pair: str, host: str) -> bool:
    """Tell whether the parameter ``name=value`` of an address at ``host`` only tracks its reader."""
    name, _, value = pair.partition("=")
    name = name.lower()
    if name in _NAMES or name.startswith(_PREFIXES):
        return True
    if name in _ARRIVALS:
        return _ARRIVED.fullmatch(value) is not None
    return name in _OF_HOST.get(host.removeprefix("www.").removeprefix("m."), ())
