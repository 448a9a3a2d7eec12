-- Today's failures
-- Trails that fail or are undecided by their latest verdict since yesterday, with the checks that are to blame.
WITH latest AS (
  SELECT *, row_number() OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn) ORDER BY evaluatedAt DESC) AS nth
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '1' DAY AS varchar) AND standing IS NOT NULL
)
SELECT accountId, region, coalesce(trailArn, eventDataStoreArn) AS trailArn, standing,
  array_join(transform(
    filter(findings, f -> f.status = 'fail' OR (standing = 'undecided' AND f.status = 'unknown')),
    f -> f.check), ', ') AS problems,
  evaluatedAt
FROM latest
WHERE nth = 1 AND standing IN ('non-compliant', 'undecided')
ORDER BY accountId, trailArn
