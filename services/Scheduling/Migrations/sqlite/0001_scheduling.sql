CREATE TABLE Units (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    Kind TEXT NOT NULL,
    TimeZone TEXT NOT NULL,
    Turns INTEGER NOT NULL
);
CREATE UNIQUE INDEX Units_Id ON Units (Id);
CREATE TABLE Brands (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    HeadquartersPath TEXT NOT NULL
);
CREATE UNIQUE INDEX Brands_Id ON Brands (Id);
CREATE TABLE Mandates (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ResellerId TEXT NOT NULL,
    BrandIds TEXT NOT NULL,
    Channels TEXT NOT NULL,
    OpensAt INTEGER NOT NULL,
    ClosesAt INTEGER NOT NULL,
    SessionsPerWeek INTEGER NULL,
    RevokedAt INTEGER NULL
);
CREATE UNIQUE INDEX Mandates_Id ON Mandates (Id);
CREATE INDEX Mandates_Reseller ON Mandates (ResellerId);
CREATE TABLE KeyDates (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    UnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    Title TEXT NOT NULL,
    StartsAt INTEGER NOT NULL,
    EndsAt INTEGER NOT NULL,
    LeadTimeDays INTEGER NULL
);
CREATE UNIQUE INDEX KeyDates_Id ON KeyDates (Id);
CREATE INDEX KeyDates_Path ON KeyDates (Path, Seq);
CREATE TABLE Resources (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    UnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    Name TEXT NOT NULL,
    Kind TEXT NOT NULL,
    ChannelKind TEXT NULL,
    Turns INTEGER NOT NULL
);
CREATE UNIQUE INDEX Resources_Id ON Resources (Id);
CREATE INDEX Resources_Path ON Resources (Path, Seq);
CREATE TABLE Sessions (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Title TEXT NOT NULL,
    Theme TEXT NULL,
    Tier TEXT NOT NULL,
    Status TEXT NOT NULL,
    OwnerUnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    BrandIds TEXT NOT NULL,
    Channels TEXT NOT NULL,
    HostId TEXT NOT NULL,
    CoHostIds TEXT NOT NULL,
    RoomId TEXT NOT NULL,
    StartsAt INTEGER NOT NULL,
    EndsAt INTEGER NOT NULL,
    Goals TEXT NULL,
    PreparationDays INTEGER NOT NULL,
    WarmUpDays INTEGER NOT NULL,
    ReservoirDays INTEGER NOT NULL,
    ReviewDays INTEGER NOT NULL,
    WarmUpStartsAt INTEGER NOT NULL,
    MandateId TEXT NULL,
    WentLiveAt INTEGER NULL,
    EndedAt INTEGER NULL,
    CancelReason TEXT NULL,
    LineupVersion INTEGER NOT NULL DEFAULT 0,
    LineupFinalAt INTEGER NULL,
    PriceListVersion INTEGER NOT NULL DEFAULT 0,
    PriceListPublishedAt INTEGER NULL,
    CreatedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Sessions_Id ON Sessions (Id);
CREATE INDEX Sessions_Path ON Sessions (Path, Seq);
CREATE INDEX Sessions_Mandate ON Sessions (MandateId, StartsAt);
CREATE TABLE Bookings (
    Seq INTEGER PRIMARY KEY,
    ResourceId TEXT NOT NULL,
    SessionId TEXT NOT NULL,
    StartsAt INTEGER NOT NULL,
    EndsAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Bookings_Once ON Bookings (SessionId, ResourceId);
CREATE INDEX Bookings_Resource ON Bookings (ResourceId, EndsAt, StartsAt);
