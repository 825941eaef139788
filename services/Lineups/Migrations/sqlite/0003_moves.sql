-- Where units stood before they were moved.
CREATE TABLE FormerPaths (
    Seq INTEGER PRIMARY KEY,
    Path TEXT NOT NULL,
    UnitId TEXT NOT NULL
);
CREATE UNIQUE INDEX FormerPaths_Path ON FormerPaths (Path);
CREATE INDEX FormerPaths_Unit ON FormerPaths (UnitId);
