CREATE TABLE Units (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    Currency TEXT NOT NULL
);
CREATE UNIQUE INDEX Units_Id ON Units (Id);
CREATE TABLE Sessions (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Status TEXT NOT NULL,
    OwnerPath TEXT NOT NULL,
    Phases TEXT NOT NULL
);
CREATE UNIQUE INDEX Sessions_Id ON Sessions (Id);
CREATE TABLE Orders (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Wish TEXT NOT NULL,
    IsRefused INTEGER NOT NULL
);
CREATE UNIQUE INDEX Orders_Id ON Orders (Id);
CREATE TABLE Campaigns (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ChangedAt INTEGER NOT NULL,
    Name TEXT NOT NULL,
    Status TEXT NOT NULL,
    OwnerUnitId TEXT NOT NULL,
    Path TEXT NOT NULL,
    SessionId TEXT NULL,
    Currency TEXT NOT NULL,
    Benefit TEXT NOT NULL,
    ClaimWindow TEXT NOT NULL,
    RedemptionWindow TEXT NOT NULL,
    LockMinutes INTEGER NOT NULL,
    PerCustomerLimit INTEGER NOT NULL,
    Stock INTEGER NOT NULL,
    Claimed INTEGER NOT NULL
);
CREATE UNIQUE INDEX Campaigns_Id ON Campaigns (Id);
CREATE INDEX Campaigns_Path ON Campaigns (Path, Seq);
CREATE INDEX Campaigns_Session ON Campaigns (SessionId, Seq);
CREATE TABLE Coupons (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    CampaignId TEXT NOT NULL,
    CustomerId TEXT NOT NULL,
    Ordinal INTEGER NOT NULL,
    Path TEXT NOT NULL,
    ClaimedFrom TEXT NOT NULL,
    SessionId TEXT NULL,
    ChannelId TEXT NULL,
    GuideId TEXT NULL,
    ClaimedAt INTEGER NOT NULL,
    State TEXT NOT NULL,
    OrderId TEXT NULL,
    DiscountMinor INTEGER NULL,
    LockedUntil INTEGER NULL
);
CREATE UNIQUE INDEX Coupons_Id ON Coupons (Id);
CREATE UNIQUE INDEX Coupons_Customer ON Coupons (CustomerId, CampaignId, Ordinal);
CREATE TABLE Redemptions (
    Seq INTEGER PRIMARY KEY,
    OrderId TEXT NOT NULL,
    CouponId TEXT NOT NULL,
    CustomerId TEXT NOT NULL,
    Path TEXT NOT NULL,
    LinesMinor INTEGER NOT NULL,
    Status TEXT NOT NULL,
    DiscountMinor INTEGER NOT NULL,
    Currency TEXT NOT NULL,
    LockedUntil INTEGER NOT NULL,
    ChangedAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Redemptions_Order ON Redemptions (OrderId);
