-- Where units stood before they were moved.
CREATE TABLE FormerPaths (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT FormerPaths_Pk PRIMARY KEY CLUSTERED,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    UnitId UNIQUEIDENTIFIER NOT NULL
);
CREATE UNIQUE INDEX FormerPaths_Path ON FormerPaths (Path);
CREATE INDEX FormerPaths_Unit ON FormerPaths (UnitId);
