-- Failing since
-- How long each trail that fails or is undecided has had no other verdict, of the last 90 days.
WITH verdicts AS (
  SELECT coalesce(trailArn, eventDataStoreArn) AS trailArn, accountId, region, standing, evaluatedAt,
    max(CASE WHEN standing NOT IN ('non-compliant', 'undecided') THEN evaluatedAt END)
      OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn)) AS lastWell,
    max("date") OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn)) AS lastDay
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '90' DAY AS varchar) AND standing IS NOT NULL
)
SELECT accountId, region, trailArn,
  min(evaluatedAt) AS failingSince,
  date_diff('day', CAST(substr(min(evaluatedAt), 1, 10) AS date), current_date) AS days,
  max_by(standing, evaluatedAt) AS standing
FROM verdicts
WHERE (lastWell IS NULL OR evaluatedAt > lastWell)
  AND lastDay >= CAST(current_date - INTERVAL '1' DAY AS varchar)
GROUP BY accountId, region, trailArn
ORDER BY days DESC, accountId, trailArn
