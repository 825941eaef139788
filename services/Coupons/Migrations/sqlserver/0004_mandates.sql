-- Where units stood before they were moved.
CREATE TABLE FormerPaths (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT FormerPaths_Pk PRIMARY KEY CLUSTERED,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    UnitId UNIQUEIDENTIFIER NOT NULL
);
CREATE UNIQUE INDEX FormerPaths_Path ON FormerPaths (Path);
CREATE INDEX FormerPaths_Unit ON FormerPaths (UnitId);
-- Kinds come with the next telling of the units: version 0 lets any in.
ALTER TABLE Units ADD Kind NVARCHAR(20) NOT NULL CONSTRAINT Units_Kind DEFAULT 'Headquarters';
ALTER TABLE Units ADD IsActive BIT NOT NULL CONSTRAINT Units_IsActive DEFAULT 1;
UPDATE Units SET Version = 0;
CREATE TABLE Mandates (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Mandates_Pk PRIMARY KEY CLUSTERED,
    Id UNIQUEIDENTIFIER NOT NULL,
    Version BIGINT NOT NULL,
    ResellerId UNIQUEIDENTIFIER NOT NULL,
    BrandIds NVARCHAR(MAX) NOT NULL,
    OpensAt DATETIME2(6) NOT NULL,
    ClosesAt DATETIME2(6) NOT NULL,
    DeepestDiscountPercent INT NULL,
    CouponQuota BIGINT NULL,
    RevokedAt DATETIME2(6) NULL,
    QuotaTaken BIGINT NOT NULL
);
CREATE UNIQUE INDEX Mandates_Id ON Mandates (Id);
CREATE INDEX Mandates_Reseller ON Mandates (ResellerId, Seq);
ALTER TABLE Campaigns ADD MandateId UNIQUEIDENTIFIER NULL;
ALTER TABLE Campaigns ADD Hold NVARCHAR(100) COLLATE Latin1_General_BIN2 NULL;
CREATE INDEX Campaigns_Owner ON Campaigns (OwnerUnitId, Seq);
