-- Compared with keys out of JSON lists, which have this collation.
DROP INDEX DueWork_Once ON DueWork;
ALTER TABLE DueWork ALTER COLUMN WorkKey NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL;
CREATE UNIQUE INDEX DueWork_Once ON DueWork (Kind, WorkKey);
