-- Missing permissions
-- Which permissions would decide the trails that are undecided by their latest verdict since yesterday, and how many trails each.
WITH latest AS (
  SELECT *, row_number() OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn) ORDER BY evaluatedAt DESC) AS nth
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '1' DAY AS varchar) AND standing IS NOT NULL
)
SELECT regexp_extract(missing, '(lacks|with) ([a-z0-9-]+:[A-Za-z]+)', 2) AS permission, missing,
  count(DISTINCT coalesce(trailArn, eventDataStoreArn)) AS trails, min(coalesce(trailArn, eventDataStoreArn)) AS oneOfThem
FROM latest
CROSS JOIN UNNEST(array_distinct(filter(
  transform(
    filter(findings, f -> f.status = 'unknown'),
    f -> regexp_extract(f.message, '(\S+ lacks|a role in account \d+ with) [a-z0-9-]+:[A-Za-z]+ on [^\s,;]+')),
  m -> m <> ''))) AS t (missing)
WHERE nth = 1 AND standing = 'undecided'
GROUP BY missing
ORDER BY trails DESC, missing
