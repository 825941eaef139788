CREATE INDEX IssueJobs_Campaign ON IssueJobs (CampaignId, Seq);
-- Rows of jobs that have ended go 30 days after.
INSERT INTO DueWork (Kind, WorkKey, DueAt)
SELECT 'carry-issue', LOWER(CONVERT(NVARCHAR(36), Id)), DATEADD(DAY, 30, EndedAt) FROM IssueJobs
WHERE Status IN ('Finished', 'Cancelled') AND EndedAt IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM DueWork w WHERE w.Kind = 'carry-issue' AND w.WorkKey = LOWER(CONVERT(NVARCHAR(36), IssueJobs.Id)) COLLATE Latin1_General_BIN2);
