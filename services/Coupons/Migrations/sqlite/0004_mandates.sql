-- Where units stood before they were moved.
CREATE TABLE FormerPaths (
    Seq INTEGER PRIMARY KEY,
    Path TEXT NOT NULL,
    UnitId TEXT NOT NULL
);
CREATE UNIQUE INDEX FormerPaths_Path ON FormerPaths (Path);
CREATE INDEX FormerPaths_Unit ON FormerPaths (UnitId);
-- Kinds come with the next telling of the units: version 0 lets any in.
ALTER TABLE Units ADD COLUMN Kind TEXT NOT NULL DEFAULT 'Headquarters';
ALTER TABLE Units ADD COLUMN IsActive INTEGER NOT NULL DEFAULT 1;
UPDATE Units SET Version = 0;
CREATE TABLE Mandates (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ResellerId TEXT NOT NULL,
    BrandIds TEXT NOT NULL,
    OpensAt INTEGER NOT NULL,
    ClosesAt INTEGER NOT NULL,
    DeepestDiscountPercent INTEGER NULL,
    CouponQuota INTEGER NULL,
    RevokedAt INTEGER NULL,
    QuotaTaken INTEGER NOT NULL
);
CREATE UNIQUE INDEX Mandates_Id ON Mandates (Id);
CREATE INDEX Mandates_Reseller ON Mandates (ResellerId, Seq);
ALTER TABLE Campaigns ADD COLUMN MandateId TEXT NULL;
ALTER TABLE Campaigns ADD COLUMN Hold TEXT NULL;
CREATE INDEX Campaigns_Owner ON Campaigns (OwnerUnitId, Seq);
