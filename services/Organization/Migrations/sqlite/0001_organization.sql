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
CREATE TABLE Brands (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    Code TEXT NOT NULL,
    Name TEXT NOT NULL,
    Grade TEXT NOT NULL
);
CREATE UNIQUE INDEX Brands_Id ON Brands (Id);
CREATE UNIQUE INDEX Brands_Code ON Brands (Path, Code);
CREATE INDEX Brands_Path ON Brands (Path, Seq);
CREATE TABLE Mandates (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ResellerId TEXT NOT NULL,
    Path TEXT NOT NULL,
    BrandIds TEXT NOT NULL,
    Channels TEXT NOT NULL,
    OpensAt INTEGER NOT NULL,
    ClosesAt INTEGER NOT NULL,
    SessionsPerWeek INTEGER NULL,
    DeepestDiscountPercent INTEGER NULL,
    CouponQuota INTEGER NULL,
    RevokedAt INTEGER NULL
);
CREATE UNIQUE INDEX Mandates_Id ON Mandates (Id);
CREATE INDEX Mandates_Path ON Mandates (Path, Seq);
CREATE INDEX Mandates_Reseller ON Mandates (ResellerId, Seq);
