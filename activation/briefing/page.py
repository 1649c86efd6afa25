"""The briefing as a Markdown page."""

from __future__ import annotations

from activation.briefing.choosing import WHY_NOW_DAYS, Briefing
from activation.briefing.lines import alert_line, headline, model_lines, score_lines
from activation.message import evidence_markdown
from activation.text import deal_size, markdown, money, percent, score, source_label, timing


def render_markdown(briefing: Briefing) -> str:
    """The briefing as a Markdown page."""
    lines = [f"## {markdown(headline(briefing))}", ""]
    if not briefing.leads:
        return "\n".join([*lines, "No lead has been scored yet.", ""])
    lines += [
        "| # | Company | Score | Tier | Why now | Timing | P(buy 90 d) | Deal size | Exp. value |",
        "| ---: | --- | ---: | --- | --- | --- | ---: | --- | ---: |",
    ]
    for lead in briefing.leads:
        row = lead.row
        why = "<br>".join(
            f"{item.day or 'undated'} {markdown(item.text, 80)} "
            f"({markdown(source_label(item.source))})"
            for item in lead.reasons
        )
        cells = [
            str(lead.rank),
            markdown(row.get("company_name") or row["company_id"], 60),
            score(row.get("lead_score")),
            markdown(row.get("tier")) or "-",
            why or f"nothing new in {WHY_NOW_DAYS} days",
            "customer"
            if row.get("is_customer")
            else timing(row.get("expected_days"), row.get("lower_days"), row.get("upper_days")),
            percent(row.get("probability_90d")).replace("<", "&lt;").replace(">", "&gt;"),
            deal_size(
                row.get("amount_p50"),
                row.get("amount_p10"),
                row.get("amount_p90"),
                row.get("currency"),
            ),
            money(row.get("expected_value"), row.get("currency")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    for lead in briefing.leads[: briefing.detailed]:
        name = lead.row.get("company_name") or lead.row["company_id"]
        lines += ["", f"### {lead.rank}. {markdown(name, 60)}", ""]
        lines += [evidence_markdown(item) for item in lead.details]
        lines += [f"- Score: {markdown(line)}" for line in score_lines(lead)]
    lines += ["", *(f"- Model {markdown(line)}" for line in model_lines(briefing))]
    alerts = alert_line(briefing)
    return "\n".join([*lines, *([f"- {alerts}"] if alerts else []), ""])
