-- Coverage by account
-- Of each account, how many trails the last seven days saw, what has become of them, and which have no verdict or no line since yesterday.
WITH latest AS (
  SELECT *,
    row_number() OVER (
      PARTITION BY accountId, coalesce(trailArn, eventDataStoreArn, reason) ORDER BY evaluatedAt DESC, standing NULLS LAST) AS nth
  FROM trails
  WHERE "date" >= CAST(current_date - INTERVAL '7' DAY AS varchar)
)
SELECT accountId,
  count(*) AS trails,
  count(*) FILTER (WHERE standing = 'compliant') AS compliant,
  count(*) FILTER (WHERE standing = 'non-compliant') AS failing,
  count(*) FILTER (WHERE standing = 'undecided') AS undecided,
  count(*) FILTER (WHERE standing = 'excepted') AS excepted,
  count(*) FILTER (WHERE standing IS NULL) AS withoutVerdict,
  count(*) FILTER (WHERE "date" < CAST(current_date - INTERVAL '1' DAY AS varchar)) AS notSeen,
  max(evaluatedAt) AS lastEvaluated
FROM latest
WHERE nth = 1
GROUP BY accountId
ORDER BY withoutVerdict DESC, notSeen DESC, accountId
