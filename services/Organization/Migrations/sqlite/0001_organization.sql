CREATE TABLE Units (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ParentId TEXT NULL,
    Path TEXT NOT NULL,
    Code TEXT NOT NULL,
    Name TEXT NOT NULL,
    Kind TEXT NOT NULL,
    ResellerKind TEXT NULL,
    TimeZone TEXT NOT NULL,
    Currency TEXT NOT NULL,
    IsActive INTEGER NOT NULL
);
CREATE UNIQUE INDEX Units_Id ON Units (Id);
CREATE UNIQUE INDEX Units_Path ON Units (Path);
CREATE TABLE Members (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    UnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    SignInName TEXT NOT NULL,
    DisplayName TEXT NOT NULL,
    IsProgram INTEGER NOT NULL,
    SecretHash TEXT NOT NULL,
    Roles TEXT NOT NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Members_Id ON Members (Id);
CREATE UNIQUE INDEX Members_SignInName ON Members (SignInName);
CREATE INDEX Members_Path ON Members (Path, Seq);
