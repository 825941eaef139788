CREATE TABLE Units (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    Currency TEXT NOT NULL
);
CREATE UNIQUE INDEX Units_Id ON Units (Id);
CREATE INDEX Units_Path ON Units (Path);
CREATE TABLE Brands (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    HeadquartersPath TEXT NOT NULL,
    Code TEXT NOT NULL
);
CREATE UNIQUE INDEX Brands_Id ON Brands (Id);
CREATE INDEX Brands_Headquarters ON Brands (HeadquartersPath, Code);
CREATE TABLE Mandates (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    DeepestDiscountPercent INTEGER NULL
);
CREATE UNIQUE INDEX Mandates_Id ON Mandates (Id);
CREATE TABLE Sessions (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Status TEXT NOT NULL,
    OwnerPath TEXT NOT NULL,
    MandateId TEXT NULL,
    LiveStartsAt INTEGER NOT NULL,
    LiveEndsAt INTEGER NOT NULL,
    BrandIds TEXT NOT NULL
);
CREATE UNIQUE INDEX Sessions_Id ON Sessions (Id);
CREATE TABLE Products (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    HeadquartersPath TEXT NOT NULL,
    Code TEXT NOT NULL,
    Name TEXT NOT NULL,
    BrandId TEXT NULL,
    BrandCode TEXT NULL,
    Gender TEXT NULL,
    Category TEXT NULL,
    Colour TEXT NULL,
    Season TEXT NULL,
    Year INTEGER NULL,
    Usage TEXT NULL,
    ListPriceMinor INTEGER NULL,
    FloorPriceMinor INTEGER NULL,
    Stock INTEGER NULL
);
CREATE UNIQUE INDEX Products_Id ON Products (Id);
CREATE UNIQUE INDEX Products_Code ON Products (HeadquartersPath, Code);
CREATE INDEX Products_Page ON Products (HeadquartersPath, Seq);
CREATE TABLE Lineups (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    OwnerPath TEXT NOT NULL,
    Status TEXT NOT NULL,
    TotalMinutes INTEGER NOT NULL,
    FinalizedAt INTEGER NULL,
    Warnings TEXT NOT NULL,
    Items TEXT NOT NULL
);
CREATE UNIQUE INDEX Lineups_Session ON Lineups (SessionId);
CREATE TABLE PriceLists (
    Seq INTEGER PRIMARY KEY,
    SessionId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    LineupVersion INTEGER NOT NULL,
    OwnerPath TEXT NOT NULL,
    Currency TEXT NOT NULL,
    PublishedAt INTEGER NOT NULL,
    Prices TEXT NOT NULL
);
CREATE UNIQUE INDEX PriceLists_Session ON PriceLists (SessionId);
