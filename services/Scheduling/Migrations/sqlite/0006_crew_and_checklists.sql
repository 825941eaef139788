CREATE TABLE People (
    Seq INTEGER PRIMARY KEY,
    ResourceId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Roles TEXT NOT NULL,
    MemberId TEXT NULL
);
CREATE UNIQUE INDEX People_Resource ON People (ResourceId);
CREATE UNIQUE INDEX People_Member ON People (MemberId) WHERE MemberId IS NOT NULL;
CREATE TABLE Absences (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    ResourceId TEXT NOT NULL,
    StartsAt INTEGER NOT NULL,
    EndsAt INTEGER NOT NULL,
    Reason TEXT NULL,
    WithdrawnAt INTEGER NULL
);
CREATE UNIQUE INDEX Absences_Id ON Absences (Id);
CREATE INDEX Absences_Resource ON Absences (ResourceId, EndsAt, StartsAt);
CREATE TABLE CrewAssignments (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    ResourceId TEXT NOT NULL,
    Role TEXT NOT NULL
);
CREATE UNIQUE INDEX CrewAssignments_Once ON CrewAssignments (SessionId, ResourceId);
CREATE TABLE ChecklistTemplates (
    Seq INTEGER PRIMARY KEY,
    Path TEXT NOT NULL,
    Tier TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Tasks TEXT NOT NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX ChecklistTemplates_Version ON ChecklistTemplates (Path, Tier, Version);
CREATE TABLE SessionTasks (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Code TEXT NOT NULL,
    Outcome TEXT NOT NULL,
    DoneAt INTEGER NULL,
    Evidence TEXT NULL,
    ById TEXT NOT NULL,
    ByName TEXT NOT NULL,
    ChangedAt INTEGER NOT NULL,
    Reason TEXT NULL
);
CREATE UNIQUE INDEX SessionTasks_Once ON SessionTasks (SessionId, Code);
CREATE TABLE SessionFacts (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Kind TEXT NOT NULL,
    At INTEGER NOT NULL
);
CREATE UNIQUE INDEX SessionFacts_Once ON SessionFacts (SessionId, Kind);
CREATE TABLE SessionScores (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Points INTEGER NOT NULL,
    MostPoints INTEGER NOT NULL,
    Share INTEGER NULL,
    Lines TEXT NOT NULL,
    ScoredAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX SessionScores_Session ON SessionScores (SessionId);
CREATE TABLE SessionActivities (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Activities TEXT NOT NULL
);
CREATE UNIQUE INDEX SessionActivities_Session ON SessionActivities (SessionId);
CREATE TABLE Campaigns (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    SessionId TEXT NULL,
    Name TEXT NOT NULL,
    Status TEXT NOT NULL
);
CREATE UNIQUE INDEX Campaigns_Id ON Campaigns (Id);
CREATE INDEX Campaigns_Session ON Campaigns (SessionId, Seq);
CREATE TABLE Reviews (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Kind TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Summary TEXT NOT NULL,
    Details TEXT NOT NULL,
    SalesMinor INTEGER NULL,
    WrittenAt INTEGER NOT NULL,
    ChangedAt INTEGER NOT NULL,
    ById TEXT NOT NULL,
    ByName TEXT NOT NULL
);
CREATE UNIQUE INDEX Reviews_Once ON Reviews (SessionId, Kind);
INSERT INTO SessionFacts (SessionId, Kind, At) SELECT Id, 'LineupFinalized', LineupFinalAt FROM Sessions WHERE LineupFinalAt IS NOT NULL;
INSERT INTO SessionFacts (SessionId, Kind, At) SELECT Id, 'PriceListPublished', PriceListPublishedAt FROM Sessions WHERE PriceListPublishedAt IS NOT NULL;
