CREATE TABLE Orders (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Status TEXT NOT NULL,
    Tenant TEXT NOT NULL,
    Path TEXT NOT NULL,
    ShopPath TEXT NOT NULL,
    ShopOrderNo TEXT NOT NULL,
    CustomerId TEXT NOT NULL,
    AttributedBy TEXT NOT NULL,
    SessionId TEXT NULL,
    ChannelId TEXT NULL,
    GuideId TEXT NULL,
    AskedChannelId TEXT NULL,
    AskedGuideId TEXT NULL,
    CouponId TEXT NULL,
    CouponState TEXT NULL,
    CouponRefusal TEXT NULL,
    Currency TEXT NOT NULL,
    Lines TEXT NOT NULL,
    LinesMinor INTEGER NOT NULL,
    DiscountMinor INTEGER NOT NULL,
    PayableMinor INTEGER NOT NULL,
    RefundedMinor INTEGER NOT NULL,
    WasPaid INTEGER NOT NULL,
    IsCancelledAfterPayment INTEGER NOT NULL,
    IsRefundedAbovePayable INTEGER NOT NULL,
    PlacedAt INTEGER NOT NULL,
    PaidAt INTEGER NULL,
    ShippedAt INTEGER NULL,
    DeliveredAt INTEGER NULL,
    CompletedAt INTEGER NULL,
    CancelledAt INTEGER NULL,
    RefundedAt INTEGER NULL
);
CREATE UNIQUE INDEX Orders_Id ON Orders (Id);
CREATE INDEX Orders_Tenant ON Orders (Tenant, Seq);
CREATE INDEX Orders_Coupon ON Orders (CouponId) WHERE CouponId IS NOT NULL;
CREATE INDEX Orders_Figures ON Orders (Path, SessionId, PlacedAt, WasPaid, Status, CouponState, PayableMinor, RefundedMinor, DiscountMinor, GuideId, CustomerId);
CREATE TABLE OrderReports (
    Seq INTEGER PRIMARY KEY,
    OrderId TEXT NOT NULL,
    ReportId TEXT NOT NULL,
    ReporterPath TEXT NOT NULL,
    Kind TEXT NOT NULL,
    At INTEGER NOT NULL,
    RefundMinor INTEGER NULL,
    IsFolded INTEGER NOT NULL
);
CREATE UNIQUE INDEX OrderReports_Once ON OrderReports (OrderId, ReportId, ReporterPath);
CREATE TABLE Coupons (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    State TEXT NOT NULL,
    Path TEXT NOT NULL,
    SessionId TEXT NULL,
    ChannelId TEXT NULL,
    GuideId TEXT NULL,
    CustomerId TEXT NOT NULL,
    ClaimedMicros INTEGER NULL
);
CREATE UNIQUE INDEX Coupons_Id ON Coupons (Id);
CREATE INDEX Coupons_Figures ON Coupons (Path, SessionId, ClaimedMicros, State);
CREATE TABLE CouponUses (
    Seq INTEGER PRIMARY KEY,
    OrderId TEXT NOT NULL,
    CouponId TEXT NOT NULL,
    Version INTEGER NOT NULL,
    State TEXT NULL,
    RefusalVersion INTEGER NOT NULL,
    Refusal TEXT NULL
);
CREATE UNIQUE INDEX CouponUses_Once ON CouponUses (OrderId, CouponId);
CREATE TABLE Sessions (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    Path TEXT NOT NULL,
    Title TEXT NOT NULL,
    Tier TEXT NOT NULL,
    Status TEXT NOT NULL,
    LiveStartsAt INTEGER NOT NULL,
    LiveEndsAt INTEGER NOT NULL
);
CREATE UNIQUE INDEX Sessions_Id ON Sessions (Id);
CREATE INDEX Sessions_Path ON Sessions (Path, LiveStartsAt);
CREATE TABLE Units (
    Seq INTEGER PRIMARY KEY,
    Id TEXT NOT NULL,
    Version INTEGER NOT NULL,
    ParentId TEXT NULL,
    Path TEXT NOT NULL,
    Name TEXT NOT NULL,
    Currency TEXT NOT NULL
);
CREATE UNIQUE INDEX Units_Id ON Units (Id);
CREATE UNIQUE INDEX Units_Path ON Units (Path);
CREATE INDEX Units_Parent ON Units (ParentId);
