-- Missing permissions
-- Which permissions would decide the trails that are undecided by their latest verdict since yesterday, and how many trails each.
WITH latest AS (
  SELECT *, row_number() OVER (PARTITION BY coalesce(trailArn, eventDataStoreArn) ORDER BY evaluatedAt DESC) AS nth
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '1' DAY AS varchar) AND standing IS NOT NULL
),
undecided AS (
  SELECT coalesce(trailArn, eventDataStoreArn) AS trailArn, filter(findings, f -> f.status = 'unknown') AS findings
  FROM latest
  WHERE nth = 1 AND standing = 'undecided'
)
SELECT findings[nth].missingPermission.action AS permission,
  findings[nth].missingPermission.principal AS principal,
  findings[nth].missingPermission.resource AS resource,
  count(DISTINCT trailArn) AS trails, min(trailArn) AS oneOfThem
FROM undecided
CROSS JOIN UNNEST(sequence(1, cardinality(findings))) AS t (nth)
WHERE findings[nth].missingPermission IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY trails DESC, permission, resource
