-- New since yesterday
-- Trails that fail in a way in which they did not fail on the day of their verdict before, and trails that failed and are compliant.
WITH verdicts AS (
  SELECT coalesce(trailArn, eventDataStoreArn) AS trailArn, accountId, region, standing, "date",
    transform(
      filter(findings, f -> f.status = 'fail' OR (standing = 'undecided' AND f.status = 'unknown')),
      f -> f.check) AS problems,
    row_number() OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn), "date" ORDER BY evaluatedAt DESC) AS nth
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '7' DAY AS varchar) AND standing IS NOT NULL
),
days AS (
  SELECT *,
    lag(standing) OVER (PARTITION BY trailArn ORDER BY "date") AS standingBefore,
    lag(problems) OVER (PARTITION BY trailArn ORDER BY "date") AS problemsBefore,
    row_number() OVER (PARTITION BY trailArn ORDER BY "date" DESC) AS day
  FROM verdicts
  WHERE nth = 1
),
changes AS (
  SELECT *,
    CASE
      WHEN standing IN ('non-compliant', 'undecided') AND (
        standingBefore IS NULL
        OR standingBefore NOT IN ('non-compliant', 'undecided')
        OR cardinality(array_except(problems, problemsBefore)) > 0) THEN 'new'
      WHEN standing = 'compliant' AND standingBefore IN ('non-compliant', 'undecided') THEN 'fixed'
    END AS change
  FROM days
  WHERE day = 1 AND "date" >= CAST(current_date - INTERVAL '1' DAY AS varchar)
)
SELECT change, accountId, region, trailArn, standingBefore, standing, array_join(problems, ', ') AS problems
FROM changes
WHERE change IS NOT NULL
ORDER BY change DESC, accountId, trailArn
