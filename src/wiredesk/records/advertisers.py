"""Publishers whose articles others have paid for, wherever they stand in a list of ratings.

Press-release wires and sellers of market reports are known companies with sound web sites, so lists
that rate domains rate them high; what they carry is advertising all the same. The table is ours,
from general knowledge; a desk's own provider file for the domain has the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PRESS_WIRES = """
1888pressrelease.com 24-7pressrelease.com abnewswire.com accesswire.com accessnewswire.com
acnnewswire.com actusnewswire.com apo-opa.com asianetnews.net atpress.ne.jp briefingwire.com
businesswire.com businesswirechina.com businesswireindia.com cision.com dreamnews.jp einpresswire.com
firmenpresse.de free-press-release.com getnews.info globenewswire.com issuewire.com jcnnewswire.com
kisspr.com kyodonewsprwire.jp marketersmedia.com marketwired.com media-outreach.com mediaroom.com
mynewsdesk.com newmediawire.com newsfilecorp.com newsvoir.com newswire.ca newswire.co.kr newswire.com
newswire.com.au openpr.com openpr.de ots.at pr-gateway.de pr-inside.com pr.com prdistribution.com
pressat.co.uk pressebox.de presseportal.ch presseportal.de pressrelease.com
pressreleasepoint.com presswire.com prfire.co.uk prfree.org prleap.com prlog.org prnasia.com
prnewswire.co.in prnewswire.co.uk prnewswire.com prnewswire.com.au prsync.com prtimes.jp
prunderground.com prweb.com prwire.com.au realwire.com releasewire.com responsesource.com
sbwire.com send2press.com thenewswire.com usnewswire.com webwire.com
"""
_REPORT_SELLERS = """
360researchreports.com alliedmarketresearch.com arizton.com bccresearch.com bizwitresearch.com
coherentmarketinsights.com cognitivemarketresearch.com credenceresearch.com databridgemarketresearch.com
emergenresearch.com expertmarketresearch.com factmr.com fortunebusinessinsights.com
futuremarketinsights.com giiresearch.com gminsights.com grandviewresearch.com imarcgroup.com
industryarc.com infiniumglobalresearch.com kbvresearch.com knowledge-sourcing.com
marketdataforecast.com marketresearch.com marketresearchfuture.com marketsandmarkets.com
maximizemarketresearch.com meticulousresearch.com mordorintelligence.com novaoneadvisor.com
persistencemarketresearch.com polarismarketresearch.com precedenceresearch.com
qyresearch.com reportlinker.com reportsanddata.com reportsinsights.com researchandmarkets.com
researchnester.com skyquestt.com snsinsider.com straitsresearch.com stratviewresearch.com technavio.com
theinsightpartners.com transparencymarketresearch.com valuatesreports.com vantagemarketresearch.com
verifiedmarketresearch.com zionmarketresearch.com
"""

ADVERTISERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_PRESS_WIRES.split(), "press releases"),
    **dict.fromkeys(_REPORT_SELLERS.split(), "market reports"),
}
"""What each of them carries, by domain."""


def carried_by(host: str) -> str:
    """Return what the advertiser at ``host`` carries (``press releases``, ``market reports``); an
    empty string for a host that is below none of the domains.
    """
    name = host.lower().rstrip(".")
    while name:
        if name in ADVERTISERS:
            return ADVERTISERS[name]
        name = name.partition(".")[2]
    return ""
