-- Time zones come with the next telling of the units: version 0 lets any in.
ALTER TABLE Units ADD COLUMN TimeZone TEXT NOT NULL DEFAULT 'UTC';
UPDATE Units SET Version = 0;
CREATE TABLE Products (
    Seq INTEGER PRIMARY KEY,
    HeadquartersPath TEXT NOT NULL,
    Code TEXT NOT NULL,
    Version INTEGER NOT NULL,
    BrandId TEXT NULL,
    Category TEXT NULL,
    FloorPriceMinor INTEGER NULL
);
CREATE UNIQUE INDEX Products_Code ON Products (HeadquartersPath, Code);
ALTER TABLE Orders ADD COLUMN RefundedMinor INTEGER NOT NULL DEFAULT 0;
CREATE TABLE QuotaNodes (
    Seq INTEGER PRIMARY KEY,
    CampaignId TEXT NOT NULL,
    NodeKey TEXT NOT NULL,
    ParentSeq INTEGER NULL,
    Kind TEXT NOT NULL,
    Path TEXT NOT NULL,
    SessionId TEXT NULL,
    Stock INTEGER NOT NULL,
    StockGiven INTEGER NOT NULL,
    Taken INTEGER NOT NULL,
    Redeemed INTEGER NOT NULL,
    BudgetMinor INTEGER NOT NULL,
    BudgetGivenMinor INTEGER NOT NULL,
    BudgetUsedMinor INTEGER NOT NULL
);
CREATE UNIQUE INDEX QuotaNodes_Key ON QuotaNodes (CampaignId, NodeKey);
INSERT INTO QuotaNodes (CampaignId, NodeKey, ParentSeq, Kind, Path, SessionId, Stock, StockGiven, Taken, Redeemed, BudgetMinor, BudgetGivenMinor, BudgetUsedMinor)
SELECT c.Id, 'unit:' || c.Path, NULL, 'Unit', c.Path, NULL, c.Stock, 0, c.Claimed,
    (SELECT COUNT(*) FROM Coupons p WHERE p.CampaignId = c.Id AND p.State = 'Redeemed'), 0, 0, 0
FROM Campaigns c;
ALTER TABLE Campaigns ADD COLUMN TimeZone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE Campaigns ADD COLUMN Reason TEXT NULL;
ALTER TABLE Campaigns ADD COLUMN Terms TEXT NOT NULL DEFAULT '';
UPDATE Campaigns SET Terms = json_object(
    'Name', Name, 'Stock', Stock, 'PerCustomerLimit', PerCustomerLimit, 'SessionId', SessionId, 'LockMinutes', LockMinutes,
    'ClaimWindow', json(ClaimWindow), 'RedemptionWindow', json(RedemptionWindow),
    'Benefit', json(CASE json_extract(Benefit, '$.Kind')
        WHEN 'Threshold' THEN json_object('Kind', 'Threshold', 'Steps', json_array(json_object(
            'MinimumSpendMinor', json_extract(Benefit, '$.MinimumSpendMinor'), 'AmountMinor', json_extract(Benefit, '$.AmountMinor'))))
        ELSE Benefit END));
ALTER TABLE Campaigns DROP COLUMN Name;
ALTER TABLE Campaigns DROP COLUMN Benefit;
ALTER TABLE Campaigns DROP COLUMN ClaimWindow;
ALTER TABLE Campaigns DROP COLUMN RedemptionWindow;
ALTER TABLE Campaigns DROP COLUMN LockMinutes;
ALTER TABLE Campaigns DROP COLUMN PerCustomerLimit;
ALTER TABLE Campaigns DROP COLUMN Stock;
ALTER TABLE Campaigns DROP COLUMN Claimed;
ALTER TABLE Coupons ADD COLUMN NodeSeq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Coupons ADD COLUMN Origin TEXT NOT NULL DEFAULT 'Claim';
ALTER TABLE Coupons ADD COLUMN SourceLink TEXT NULL;
ALTER TABLE Coupons ADD COLUMN ClaimDay INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Coupons ADD COLUMN CodeSerial INTEGER NULL;
ALTER TABLE Coupons ADD COLUMN Reason TEXT NULL;
UPDATE Coupons SET NodeSeq = (SELECT q.Seq FROM QuotaNodes q WHERE q.CampaignId = Coupons.CampaignId);
CREATE INDEX Coupons_Campaign ON Coupons (CampaignId, Seq);
CREATE UNIQUE INDEX Coupons_Code ON Coupons (NodeSeq, CodeSerial) WHERE CodeSerial IS NOT NULL;
CREATE TABLE Uses (
    Seq INTEGER PRIMARY KEY,
    OrderId TEXT NOT NULL,
    CouponId TEXT NOT NULL,
    CampaignId TEXT NOT NULL,
    Position INTEGER NOT NULL,
    DiscountMinor INTEGER NOT NULL,
    RolledBackMinor INTEGER NOT NULL,
    IsReturned INTEGER NOT NULL,
    Lines TEXT NOT NULL
);
CREATE UNIQUE INDEX Uses_Order ON Uses (OrderId, CouponId);
CREATE INDEX Uses_Campaign ON Uses (CampaignId, Seq);
INSERT INTO Uses (OrderId, CouponId, CampaignId, Position, DiscountMinor, RolledBackMinor, IsReturned, Lines)
SELECT r.OrderId, r.CouponId, p.CampaignId, 0, r.DiscountMinor, CASE r.Status WHEN 'RolledBack' THEN r.DiscountMinor ELSE 0 END,
    CASE r.Status WHEN 'RolledBack' THEN 1 ELSE 0 END, '[' || r.DiscountMinor || ']'
FROM Redemptions r JOIN Coupons p ON p.Id = r.CouponId;
ALTER TABLE Redemptions ADD COLUMN RequestHash TEXT NOT NULL DEFAULT '';
ALTER TABLE Redemptions ADD COLUMN RefundedMinor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE Redemptions ADD COLUMN RolledBackMinor INTEGER NOT NULL DEFAULT 0;
UPDATE Redemptions SET RefundedMinor = LinesMinor - DiscountMinor, RolledBackMinor = DiscountMinor WHERE Status = 'RolledBack';
ALTER TABLE Redemptions DROP COLUMN CouponId;
CREATE TABLE Figures (
    Seq INTEGER PRIMARY KEY,
    CampaignId TEXT NOT NULL,
    Path TEXT NOT NULL,
    SessionKey TEXT NOT NULL,
    ChannelKey TEXT NOT NULL,
    GuideKey TEXT NOT NULL,
    Issued INTEGER NOT NULL,
    Claimed INTEGER NOT NULL,
    Free INTEGER NOT NULL,
    Locked INTEGER NOT NULL,
    Redeemed INTEGER NOT NULL,
    Voided INTEGER NOT NULL,
    DiscountMinor INTEGER NOT NULL,
    RolledBackMinor INTEGER NOT NULL
);
CREATE UNIQUE INDEX Figures_Key ON Figures (CampaignId, Path, SessionKey, ChannelKey, GuideKey);
CREATE INDEX Figures_Path ON Figures (Path);
INSERT INTO Figures (CampaignId, Path, SessionKey, ChannelKey, GuideKey, Issued, Claimed, Free, Locked, Redeemed, Voided, DiscountMinor, RolledBackMinor)
SELECT p.CampaignId, p.Path, COALESCE(p.SessionId, ''), COALESCE(p.ChannelId, ''), COALESCE(p.GuideId, ''), 0, COUNT(*),
    SUM(CASE p.State WHEN 'Free' THEN 1 ELSE 0 END), SUM(CASE p.State WHEN 'Locked' THEN 1 ELSE 0 END),
    SUM(CASE p.State WHEN 'Redeemed' THEN 1 ELSE 0 END), 0,
    SUM((SELECT COALESCE(SUM(u.DiscountMinor), 0) FROM Uses u JOIN Redemptions r ON r.OrderId = u.OrderId WHERE u.CouponId = p.Id AND r.Status IN ('Redeemed', 'RolledBack'))),
    SUM((SELECT COALESCE(SUM(u.RolledBackMinor), 0) FROM Uses u WHERE u.CouponId = p.Id))
FROM Coupons p GROUP BY p.CampaignId, p.Path, COALESCE(p.SessionId, ''), COALESCE(p.ChannelId, ''), COALESCE(p.GuideId, '');
CREATE TABLE Refusals (
    Seq INTEGER PRIMARY KEY,
    CampaignId TEXT NOT NULL,
    Code TEXT NOT NULL,
    Refused INTEGER NOT NULL,
    LastAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Refusals_Code ON Refusals (CampaignId, Code);
