-- Time zones come with the next telling of the units: version 0 lets any in.
-- A batch is compiled before its columns are added, so that what uses them stands in EXEC.
ALTER TABLE Units ADD TimeZone NVARCHAR(64) NOT NULL CONSTRAINT Units_TimeZone DEFAULT 'UTC';
UPDATE Units SET Version = 0;
CREATE TABLE Products (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Products_Pk PRIMARY KEY CLUSTERED,
    HeadquartersPath NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    Code NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    Version BIGINT NOT NULL,
    BrandId UNIQUEIDENTIFIER NULL,
    Category NVARCHAR(200) COLLATE Latin1_General_BIN2 NULL,
    FloorPriceMinor BIGINT NULL
);
CREATE UNIQUE INDEX Products_Code ON Products (HeadquartersPath, Code);
ALTER TABLE Orders ADD RefundedMinor BIGINT NOT NULL CONSTRAINT Orders_RefundedMinor DEFAULT 0;
CREATE TABLE QuotaNodes (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT QuotaNodes_Pk PRIMARY KEY CLUSTERED,
    CampaignId UNIQUEIDENTIFIER NOT NULL,
    NodeKey NVARCHAR(410) COLLATE Latin1_General_BIN2 NOT NULL,
    ParentSeq BIGINT NULL,
    Kind NVARCHAR(20) NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    SessionId UNIQUEIDENTIFIER NULL,
    Stock BIGINT NOT NULL,
    StockGiven BIGINT NOT NULL,
    Taken BIGINT NOT NULL,
    Redeemed BIGINT NOT NULL,
    BudgetMinor BIGINT NOT NULL,
    BudgetGivenMinor BIGINT NOT NULL,
    BudgetUsedMinor BIGINT NOT NULL
);
CREATE UNIQUE INDEX QuotaNodes_Key ON QuotaNodes (CampaignId, NodeKey);
INSERT INTO QuotaNodes (CampaignId, NodeKey, ParentSeq, Kind, Path, SessionId, Stock, StockGiven, Taken, Redeemed, BudgetMinor, BudgetGivenMinor, BudgetUsedMinor)
SELECT c.Id, CONCAT('unit:', c.Path), NULL, 'Unit', c.Path, NULL, c.Stock, 0, c.Claimed,
    (SELECT COUNT(*) FROM Coupons p WHERE p.CampaignId = c.Id AND p.State = 'Redeemed'), 0, 0, 0
FROM Campaigns c;
ALTER TABLE Campaigns ADD TimeZone NVARCHAR(64) NOT NULL CONSTRAINT Campaigns_TimeZone DEFAULT 'UTC';
ALTER TABLE Campaigns ADD Reason NVARCHAR(200) NULL;
ALTER TABLE Campaigns ADD Terms NVARCHAR(MAX) NOT NULL CONSTRAINT Campaigns_Terms DEFAULT '';
EXEC(N'UPDATE Campaigns SET Terms = (SELECT c.Name, c.Stock, c.PerCustomerLimit, LOWER(CONVERT(NVARCHAR(36), c.SessionId)) AS SessionId, c.LockMinutes,
    JSON_QUERY(c.ClaimWindow) AS ClaimWindow, JSON_QUERY(c.RedemptionWindow) AS RedemptionWindow,
    JSON_QUERY(CASE JSON_VALUE(c.Benefit, ''$.Kind'')
        WHEN ''Threshold'' THEN CONCAT(''{"Kind":"Threshold","Steps":[{"MinimumSpendMinor":'', JSON_VALUE(c.Benefit, ''$.MinimumSpendMinor''),
            '',"AmountMinor":'', JSON_VALUE(c.Benefit, ''$.AmountMinor''), ''}]}'')
        ELSE c.Benefit END) AS Benefit
    FROM Campaigns c WHERE c.Seq = Campaigns.Seq FOR JSON PATH, WITHOUT_ARRAY_WRAPPER)');
ALTER TABLE Campaigns DROP COLUMN Name;
ALTER TABLE Campaigns DROP COLUMN Benefit;
ALTER TABLE Campaigns DROP COLUMN ClaimWindow;
ALTER TABLE Campaigns DROP COLUMN RedemptionWindow;
ALTER TABLE Campaigns DROP COLUMN LockMinutes;
ALTER TABLE Campaigns DROP COLUMN PerCustomerLimit;
ALTER TABLE Campaigns DROP COLUMN Stock;
ALTER TABLE Campaigns DROP COLUMN Claimed;
ALTER TABLE Coupons ADD NodeSeq BIGINT NOT NULL CONSTRAINT Coupons_NodeSeq DEFAULT 0;
ALTER TABLE Coupons ADD Origin NVARCHAR(20) NOT NULL CONSTRAINT Coupons_Origin DEFAULT 'Claim';
ALTER TABLE Coupons ADD SourceLink NVARCHAR(200) NULL;
ALTER TABLE Coupons ADD ClaimDay INT NOT NULL CONSTRAINT Coupons_ClaimDay DEFAULT 0;
ALTER TABLE Coupons ADD CodeSerial BIGINT NULL;
ALTER TABLE Coupons ADD Reason NVARCHAR(200) NULL;
EXEC(N'UPDATE Coupons SET NodeSeq = (SELECT q.Seq FROM QuotaNodes q WHERE q.CampaignId = Coupons.CampaignId)');
CREATE INDEX Coupons_Campaign ON Coupons (CampaignId, Seq);
EXEC(N'CREATE UNIQUE INDEX Coupons_Code ON Coupons (NodeSeq, CodeSerial) WHERE CodeSerial IS NOT NULL');
CREATE TABLE Uses (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Uses_Pk PRIMARY KEY CLUSTERED,
    OrderId UNIQUEIDENTIFIER NOT NULL,
    CouponId UNIQUEIDENTIFIER NOT NULL,
    CampaignId UNIQUEIDENTIFIER NOT NULL,
    Position INT NOT NULL,
    DiscountMinor BIGINT NOT NULL,
    RolledBackMinor BIGINT NOT NULL,
    IsReturned BIT NOT NULL,
    Lines NVARCHAR(MAX) NOT NULL
);
CREATE UNIQUE INDEX Uses_Order ON Uses (OrderId, CouponId);
CREATE INDEX Uses_Campaign ON Uses (CampaignId, Seq);
INSERT INTO Uses (OrderId, CouponId, CampaignId, Position, DiscountMinor, RolledBackMinor, IsReturned, Lines)
SELECT r.OrderId, r.CouponId, p.CampaignId, 0, r.DiscountMinor, CASE r.Status WHEN 'RolledBack' THEN r.DiscountMinor ELSE 0 END,
    CASE r.Status WHEN 'RolledBack' THEN 1 ELSE 0 END, CONCAT('[', r.DiscountMinor, ']')
FROM Redemptions r JOIN Coupons p ON p.Id = r.CouponId;
ALTER TABLE Redemptions ADD RequestHash NVARCHAR(64) NOT NULL CONSTRAINT Redemptions_RequestHash DEFAULT '';
ALTER TABLE Redemptions ADD RefundedMinor BIGINT NOT NULL CONSTRAINT Redemptions_RefundedMinor DEFAULT 0;
ALTER TABLE Redemptions ADD RolledBackMinor BIGINT NOT NULL CONSTRAINT Redemptions_RolledBackMinor DEFAULT 0;
EXEC(N'UPDATE Redemptions SET RefundedMinor = LinesMinor - DiscountMinor, RolledBackMinor = DiscountMinor WHERE Status = ''RolledBack''');
ALTER TABLE Redemptions DROP COLUMN CouponId;
CREATE TABLE Figures (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Figures_Pk PRIMARY KEY CLUSTERED,
    CampaignId UNIQUEIDENTIFIER NOT NULL,
    Path NVARCHAR(400) COLLATE Latin1_General_BIN2 NOT NULL,
    SessionKey NVARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    ChannelKey NVARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    GuideKey NVARCHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    Issued BIGINT NOT NULL,
    Claimed BIGINT NOT NULL,
    Free BIGINT NOT NULL,
    Locked BIGINT NOT NULL,
    Redeemed BIGINT NOT NULL,
    Voided BIGINT NOT NULL,
    DiscountMinor BIGINT NOT NULL,
    RolledBackMinor BIGINT NOT NULL
);
CREATE UNIQUE INDEX Figures_Key ON Figures (CampaignId, Path, SessionKey, ChannelKey, GuideKey);
CREATE INDEX Figures_Path ON Figures (Path);
EXEC(N'INSERT INTO Figures (CampaignId, Path, SessionKey, ChannelKey, GuideKey, Issued, Claimed, Free, Locked, Redeemed, Voided, DiscountMinor, RolledBackMinor)
SELECT k.CampaignId, k.Path, k.SessionKey, k.ChannelKey, k.GuideKey, 0, COUNT(*),
    SUM(CASE k.State WHEN ''Free'' THEN 1 ELSE 0 END), SUM(CASE k.State WHEN ''Locked'' THEN 1 ELSE 0 END),
    SUM(CASE k.State WHEN ''Redeemed'' THEN 1 ELSE 0 END), 0, SUM(k.DiscountMinor), SUM(k.RolledBackMinor)
FROM (SELECT p.CampaignId, p.Path, p.State, COALESCE(LOWER(CONVERT(NVARCHAR(36), p.SessionId)), '''') AS SessionKey,
        COALESCE(LOWER(CONVERT(NVARCHAR(36), p.ChannelId)), '''') AS ChannelKey, COALESCE(p.GuideId, '''') AS GuideKey,
        (SELECT COALESCE(SUM(u.DiscountMinor), 0) FROM Uses u JOIN Redemptions r ON r.OrderId = u.OrderId WHERE u.CouponId = p.Id AND r.Status IN (''Redeemed'', ''RolledBack'')) AS DiscountMinor,
        (SELECT COALESCE(SUM(u.RolledBackMinor), 0) FROM Uses u WHERE u.CouponId = p.Id) AS RolledBackMinor
    FROM Coupons p) k
GROUP BY k.CampaignId, k.Path, k.SessionKey, k.ChannelKey, k.GuideKey');
CREATE TABLE Refusals (
    Seq BIGINT IDENTITY NOT NULL CONSTRAINT Refusals_Pk PRIMARY KEY CLUSTERED,
    CampaignId UNIQUEIDENTIFIER NOT NULL,
    Code NVARCHAR(60) COLLATE Latin1_General_BIN2 NOT NULL,
    Refused BIGINT NOT NULL,
    LastAt DATETIME2(6) NOT NULL
);
CREATE UNIQUE INDEX Refusals_Code ON Refusals (CampaignId, Code);
