"""Schedules: when the line runs by itself."""

import dagster as dg

from orchestration.jobs import daily_line


@dg.schedule(
    job=daily_line,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every day at 05:00 UTC: the whole line for the day that has begun.",
)
def daily_line_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the partition of the tick's own day: sources answer only for today."""
    day = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=day, partition_key=day)


SCHEDULES = [daily_line_schedule]
