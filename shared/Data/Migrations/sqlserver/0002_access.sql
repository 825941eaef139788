CREATE TABLE AccessMembers (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT AccessMembers_Pk PRIMARY KEY CLUSTERED,
    MemberId UNIQUEIDENTIFIER NOT NULL,
    Version BIGINT NOT NULL,
    IsSuspended BIT NOT NULL,
    TokensFrom BIGINT NOT NULL,
    ChangedAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX AccessMembers_Id ON AccessMembers (MemberId);
CREATE INDEX AccessMembers_Changed ON AccessMembers (ChangedAt);
CREATE TABLE AccessUnits (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT AccessUnits_Pk PRIMARY KEY CLUSTERED,
    UnitId UNIQUEIDENTIFIER NOT NULL,
    Version BIGINT NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    IsActive BIT NOT NULL,
    ChangedAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX AccessUnits_Id ON AccessUnits (UnitId);
CREATE INDEX AccessUnits_Changed ON AccessUnits (ChangedAt);
